#!/usr/bin/env bash
# Runs one container's program in a file system of its own: the machine's programs and libraries, and on top of them the
# container's volumes, the cluster's names and an empty place for all else. Started in the pod's network and in a new mount
# namespace. Arguments: an empty folder for the root, the hosts file, a file of "source<TAB>path" lines for the mounts, and
# then the program.
set -euo pipefail
root=$1 hosts=$2 mounts=$3
shift 3

mount -t tmpfs tmpfs "$root"
for entry in /*; do
    name=${entry#/}
    case $name in
        etc | run | tmp | var) mkdir "$root/$name" ;;
        *)
            if [ -L "$entry" ]; then
                cp -P "$entry" "$root/$name"
            elif [ -d "$entry" ]; then
                mkdir "$root/$name"
                mount --rbind "$entry" "$root/$name"
            fi
            ;;
    esac
done
# A container's first process is its program: hooks write to that one's output, and not to the lab's.
mount --bind "/proc/$$" "$root/proc/1"
ln -s ../run "$root/var/run"
mkdir "$root/.etc" "$root/var/tmp"
mount --rbind /etc "$root/.etc"
for entry in /etc/*; do
    ln -s "/.etc/${entry#/etc/}" "$root/etc/${entry#/etc/}"
done
rm -f "$root/etc/hosts" "$root/etc/resolv.conf"
touch "$root/etc/hosts" "$root/etc/resolv.conf"
mount --bind "$hosts" "$root/etc/hosts"

while IFS=$'\t' read -r source path; do
    [ -n "$source" ] || continue
    # A volume may sit where the machine has a link or a file of its own.
    [ -L "$root$path" ] && rm -f "$root$path"
    if [ -d "$source" ]; then
        mkdir -p "$root$path"
    else
        mkdir -p "$(dirname "$root$path")"
        touch "$root$path"
    fi
    mount --rbind "$source" "$root$path"
done <"$mounts"

exec chroot "$root" "$@"
