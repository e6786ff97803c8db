#!/bin/sh
# What the voicebot container runs: the exchange's configuration at once, so that it rings the humans while the
# voice is still loading; then the service in this process's place, so that SIGTERM reaches it.
set -eu
python=${PYTHON:-python}
if [ "${VOICEBOT_TELEPHONE:-}" = own ]; then
    "$python" -m voicebot asterisk config || echo "The exchange keeps the configuration it has." >&2
fi
exec "$python" -m voicebot run
