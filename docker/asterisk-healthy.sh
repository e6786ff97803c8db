#!/bin/sh
# Exit code 0 once Asterisk has started whole (before that it loses even a SIGTERM) and while it answers.
set -eu
exec "${ASTERISK:-asterisk}" -C "${VOICEBOT_STATE:?}/asterisk/etc/asterisk.conf" -rx "core waitfullybooted" >/dev/null
