module lab/istio

go 1.24.0

require istio.io/api v1.30.3
