// As programs do: then the time of the second import is that of the library alone.
import "@pulumi/pulumi";
import "pulumi-progressive-mesh";
