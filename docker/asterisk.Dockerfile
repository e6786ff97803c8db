# Asterisk 22 from the first Debian that carries it. Its configuration comes from the voice, at run time.
FROM debian:forky-20251103-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends asterisk asterisk-modules \
    && rm -rf /var/lib/apt/lists/*
# The voice's user, by number: they share the folder of configuration, briefings and messages.
RUN useradd --uid 10001 --home-dir /var/lib/voicebot voicebot \
    && install -d -o voicebot -g voicebot -m 700 /var/lib/voicebot
COPY docker/asterisk-start.sh docker/asterisk-healthy.sh /opt/voicebot/docker/
USER voicebot
CMD ["/opt/voicebot/docker/asterisk-start.sh"]
