#!/bin/sh
# Installs Debian packages that are missing: tools/install.sh COMMAND PACKAGE...
# Does nothing if COMMAND is there. As root or with a sudo that asks nothing it installs; else it says what to do.
set -u
command=$1
shift
PATH=$PATH:/usr/sbin:/sbin
command -v "$command" >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ]; then
    as_root=env
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n env'
else
    echo "$command is missing: apt-get install $*" >&2
    exit 1
fi
echo "installing $* (Debian packages)"
log=$(mktemp)
if $as_root apt-get update >"$log" 2>&1 &&
    $as_root DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1; then
    rm -f "$log"
else
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "could not install: apt-get install $*" >&2
    exit 1
fi
