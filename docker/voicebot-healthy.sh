#!/bin/sh
# Exit code 0 while the service answers. Its certificate is for people: not checked on loopback.
set -eu
exec "${PYTHON:-python}" - <<'PROGRAM'
import os, ssl, urllib.request

scheme = "https" if os.environ.get("VOICEBOT_TLS_CERT") else "http"
host = os.environ.get("VOICEBOT_HOST", "127.0.0.1")
host = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host
url = f"{scheme}://{host}:{os.environ.get('VOICEBOT_PORT', '8080')}/healthz"
urllib.request.urlopen(url, timeout=4, context=ssl._create_unverified_context())
PROGRAM
