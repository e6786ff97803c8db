#!/bin/sh
# Exit code 0 while Asterisk answers on its control socket.
set -eu
exec "${ASTERISK:-asterisk}" -C "${VOICEBOT_STATE:?}/asterisk/etc/asterisk.conf" -rx "core show uptime" >/dev/null
