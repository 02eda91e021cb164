// The Kubernetes provider of Pulumi as a plugin. Its own command embeds generated files that its module does not
// carry; a program in TypeScript never asks a provider for its schema, so a schema with a name and a version serves.
package main

import (
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

func main() {
	schema := []byte(`{"name":"kubernetes","version":"` + version.Version + `"}`)
	provider.Serve("kubernetes", version.Version, schema, []byte(`{}`))
}
