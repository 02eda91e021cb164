import "pulumi-progressive-mesh";
