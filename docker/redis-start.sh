#!/bin/sh
# What the redis container runs: no port, a socket behind the password, nothing on disk.
set -eu
password=$(cat "$REDIS_PASSWORD_FILE")
[ -n "$password" ] || { echo "$REDIS_PASSWORD_FILE is empty: run docker/make-secrets.sh" >&2; exit 1; }
# Read from its standard input, so that the password is in no list of processes.
exec redis-server - <<CONFIGURATION
port 0
unixsocket $REDIS_SOCKET
unixsocketperm 777
requirepass "$password"
save ""
appendonly no
maxmemory 64mb
maxmemory-policy volatile-ttl
dir /tmp
CONFIGURATION
