#!/bin/sh
# Makes the passwords that docker-compose.yml wants, once: `docker/make-secrets.sh [FOLDER]`, default ./secrets.
# What exists is left alone: a database keeps the password it was made with.
set -eu
folder=${1:-secrets}
umask 077
mkdir -p "$folder"
# Nobody but you enters the folder; the files themselves are read by the containers' own users.
chmod 700 "$folder"
# Yours to fill: the operators' passwords, one a file, line_ID (see lines.yaml), chmod 444.
mkdir -p "$folder/lines"
chmod 755 "$folder/lines"
for name in postgres_password redis_password; do
    [ -s "$folder/$name" ] && continue
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$folder/$name"
    chmod 444 "$folder/$name"
    echo "$folder/$name"
done
