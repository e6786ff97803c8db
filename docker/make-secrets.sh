#!/bin/sh
# Makes the passwords that docker-compose.yml wants, once: `docker/make-secrets.sh [FOLDER]`, default ./secrets.
# What exists is left alone: a database keeps the password it was made with.
set -eu
folder=${1:-secrets}
umask 077
mkdir -p "$folder"
# Nobody but you enters the folder; the files themselves are read by the containers' own users.
chmod 700 "$folder"
# Yours to fill, one secret a file, chmod 444: the operators' passwords as line_ID (lines.yaml), and whatever
# voicebot.env names as VOICEBOT_…_FILE=/etc/voicebot/secrets/….
mkdir -p "$folder/voicebot"
chmod 755 "$folder/voicebot"
for name in postgres_password redis_password; do
    [ -s "$folder/$name" ] && continue
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$folder/$name"
    chmod 444 "$folder/$name"
    echo "$folder/$name"
done
