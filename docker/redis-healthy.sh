#!/bin/sh
# Exit code 0 while Redis answers to the password.
set -eu
REDISCLI_AUTH=$(cat "$REDIS_PASSWORD_FILE")
export REDISCLI_AUTH
[ "$(redis-cli -s "$REDIS_SOCKET" ping)" = PONG ]
