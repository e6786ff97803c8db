#!/usr/bin/env bash
# Installs what pip cannot: `system-packages.sh run` for the service, `… test` for its tests as well.
# With root it uses apt; without, it says what is missing and how to get it.
set -eu

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }

need npm npm # the voice's style vectors and the pages' scripts come from the npm registry
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
if [ "${1:-run}" = test ]; then
    need chromium chromium
    need redis-server redis-server
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    need baresip baresip-core # a telephone: patient and secretary
    need sipp sip-tester
    [ -x /usr/sbin/kamailio ] || missing+=(kamailio) # plays the operator
    need debootstrap debootstrap
fi

[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]}. Install them, for instance: sudo apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "Installing ${missing[*]} with apt…" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
