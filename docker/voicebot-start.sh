#!/bin/sh
# What the voicebot container runs: the exchange's configuration, then the service in this process's place, so
# that SIGTERM reaches it.
set -eu
python=${PYTHON:-python}
"$python" -m voicebot asterisk config --yes || echo "The exchange keeps the configuration it has." >&2
exec "$python" -m voicebot run
