#!/usr/bin/env bash
# Runs the real Envoy as the images of meshes do: when it is told to end, its listeners are drained first, so that whoever is
# connected comes back elsewhere. Arguments: the executable, the folder of the configuration and the port of the administration.
# App Mesh drains for 20 seconds where nobody says otherwise; the lab does not wait that long, and so every answer asks for it and
# not only a growing part of them.
set -u
admin=$3
seconds=${LISTENER_DRAIN_WAIT_TIME_S:-5}
# When this shell is killed Envoy has to go too: it would hold on to the pod's address, which the next pod gets.
setpriv --pdeathsig KILL "$1" --config-path "$2/bootstrap.json" --concurrency 1 --disable-hot-restart \
    --log-level warning --drain-time-s "$seconds" --drain-strategy immediate &
envoy=$!
drain() {
    curl --silent --output /dev/null --request POST "http://127.0.0.1:$admin/drain_listeners?graceful"
    sleep "$seconds"
    kill -TERM "$envoy"
}
trap drain TERM
# The first wait ends with the signal, the second with Envoy.
wait "$envoy"
wait "$envoy"
