#!/bin/sh
# Installs Debian packages unless a check says they are there: tools/install.sh 'CHECK' PACKAGE...
# As root, or with a sudo that asks nothing, it installs them; otherwise it says in one line what to install.
set -u
check=$1
shift
sh -c "$check" >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ]; then
    as_root=env
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n env'
else
    echo "please install: apt-get install $*" >&2
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
