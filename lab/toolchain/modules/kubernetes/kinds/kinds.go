// Package v2 registers what a ConfigGroup, a ConfigFile or a Helm chart of Pulumi's Kubernetes provider holds.
//
// It is built in the place of the file of the same name in the provider's SDK, which has a case with a type of its own for each
// kind of Kubernetes: sixty packages, and most of the time that the provider takes to build. Their last case, for the kinds of
// others, registers a resource of the same name and with the same properties. The types differ in the outputs that a program in Go
// could read, and here there is none.
package v2

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegisterResource registers an object of any kind.
func RegisterResource(ctx *pulumi.Context, apiVersion, kind, name string, props pulumi.Input,
	opts ...pulumi.ResourceOption) (pulumi.CustomResource, error) {
	group := apiVersion
	if group == "v1" {
		group = "core/v1"
	}
	var res apiextensions.CustomResource
	if err := ctx.RegisterResource(fmt.Sprintf("kubernetes:%s:%s", group, kind), name, props, &res, opts...); err != nil {
		return nil, err
	}
	return &res, nil
}
