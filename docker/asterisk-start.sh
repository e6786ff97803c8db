#!/bin/sh
# What the asterisk container runs: Asterisk on the configuration that the voice has written, once there is one.
# Afterwards it needs the voice no more: it starts without it and rings the humans.
set -eu
configuration=${VOICEBOT_STATE:?}/asterisk/etc/asterisk.conf
until [ -s "$configuration" ]; do
    [ -n "${told:-}" ] || echo "Waiting for $configuration, which the voice writes." >&2
    told=yes
    sleep 1
done
exec "${ASTERISK:-asterisk}" -f -C "$configuration"
