#!/usr/bin/env bash
# Finds Asterisk >= 22.6 or installs it, and prints the path of the program to start.
#
#   install.sh [FOLDER]     FOLDER: where a private copy goes; default ~/.cache/voicebot/asterisk
#
# The distribution's own package is taken when it is new enough. Otherwise a private Debian root of about
# 600 MB is built in FOLDER (one to three minutes, root needed once; it can be interrupted and run again).
# Nothing outside FOLDER is changed then, and starting what is in it needs no root.
set -euo pipefail

WANTED=22.6
SUITE=forky # the first Debian that carries it
FOLDER=${1:-${VOICEBOT_ASTERISK_FOLDER:-${XDG_CACHE_HOME:-$HOME/.cache}/voicebot/asterisk}}
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

tell() { echo "$*" >&2; }
stop() { tell "$*"; exit 1; }
new_enough() { [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$WANTED" "$1" | sort -V | head -1)" = "$WANTED" ]; }
version_of() { "$1" -V 2>/dev/null | sed -n 's/^Asterisk \([0-9.]*\).*/\1/p'; }

installed=$(command -v asterisk || true)
if [ -n "$installed" ] && new_enough "$(version_of "$installed")"; then
    echo "$installed"
    exit 0
fi
if [ -x "$FOLDER/asterisk" ] && new_enough "$(version_of "$FOLDER/asterisk")"; then
    echo "$FOLDER/asterisk"
    exit 0
fi
[ "$(id -u)" -eq 0 ] || stop "Asterisk $WANTED ou plus récent n'est pas installé et son installation demande les droits d'administrateur : lancez une fois « sudo $0 $FOLDER » ; sans lui, seuls les appels par le web fonctionnent."
command -v apt-get >/dev/null || stop "Asterisk $WANTED ou plus récent n'est pas installé et ce système n'a pas apt : installez-le par son gestionnaire de paquets ; sans lui, seuls les appels par le web fonctionnent."

candidate=$(apt-cache policy asterisk 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}\([0-9.]*\).*/\2/p')
if new_enough "$candidate"; then
    tell "Asterisk $candidate : paquet de la distribution…"
    apt-get install -y -qq --no-install-recommends asterisk asterisk-modules >/dev/null
    command -v asterisk
    exit 0
fi

if ! command -v debootstrap >/dev/null; then
    tell "Asterisk : outil debootstrap…"
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
fi

root=$FOLDER/root
mkdir -p "$FOLDER"
exec 9>"$FOLDER/lock"
flock -n 9 || { tell "Asterisk : une autre installation est en cours, attente…"; flock 9; }
LOG=$FOLDER/install.log
: >"$LOG"
run() { "$@" >>"$LOG" 2>&1 </dev/null || stop "Asterisk : échec de « $* » ; le détail est dans $LOG. Relancez pour reprendre."; }

if [ ! -e "$FOLDER/base.done" ]; then
    tell "Asterisk 1/3 : un système Debian $SUITE minimal dans $root…"
    rm -rf "$root" # a half-made base is not resumed: it would hide what is missing from it
    # sid's script serves every suite; an empty mirror is the default one
    run debootstrap --variant=minbase "$SUITE" "$root" "" /usr/share/debootstrap/scripts/sid
    touch "$FOLDER/base.done"
fi
if [ ! -e "$FOLDER/packages.done" ]; then
    tell "Asterisk 2/3 : le paquet et ses dépendances…"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # nothing is started inside the root
    chmod 755 "$root/usr/sbin/policy-rc.d"
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    for file in /etc/apt/apt.conf.d/*proxy* /etc/apt/apt.conf; do
        [ ! -f "$file" ] || cp "$file" "$root/etc/apt/apt.conf.d/"
    done
    # a mirror's list may be past its date
    run chroot "$root" apt-get -o Acquire::Check-Valid-Until=false update
    run chroot "$root" dpkg --configure -a
    run chroot "$root" apt-get install -y --no-install-recommends asterisk asterisk-modules
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
    touch "$FOLDER/packages.done"
fi
tell "Asterisk 3/3 : essai…"
# Started by the root's own loader and libraries, without chroot: the service and Asterisk see the same
# paths, and whoever runs the service may run it.
cat >"$FOLDER/asterisk" <<'LAUNCHER'
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
loader=$(ls "$root"/lib/ld-linux-*.so.* "$root"/lib64/ld-linux-*.so.* 2>/dev/null | head -1)
libraries=$(dirname "$(ls "$root"/usr/lib/*/libc.so.6)")
exec "$loader" --library-path "$libraries" --argv0 asterisk "$root/usr/sbin/asterisk" "$@"
LAUNCHER
chmod 755 "$FOLDER/asterisk"
version=$(version_of "$FOLDER/asterisk")
new_enough "$version" || stop "Asterisk : la version installée (« $version ») n'est pas utilisable ; effacez $FOLDER et relancez."
tell "Asterisk $version est prêt."
echo "$FOLDER/asterisk"
