# make run    the service, everything it needs included       make test   everything the tests need, then all tests
# make setup  environment and models only                     make check  style, types, imports
# make soak   what is too long for every run; writes reports/soak-DATE.md

.PHONY: run test test-fast setup setup-test check soak models clean
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
VOICEBOT := $(BIN)/voicebot
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

# counts packets under load: nothing runs beside it
UNDER_LOAD := tests/telephony/test_exchange_network.py

run: setup
	@exec $(VOICEBOT) run

setup: .venv/run.done models

setup-test: .venv/run.done .venv/test.done models

test: setup-test
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest -q -n 2 -m "not engines and not browser and not database and not asterisk"
	$(BIN)/pytest -q -m "database"
	$(BIN)/pytest -q -n 2 -m "asterisk and not engines and not soak" --ignore=$(UNDER_LOAD)
	$(BIN)/pytest -q -m "not soak" $(UNDER_LOAD)
	$(BIN)/pytest -q -m "engines and not browser and not soak"
	$(BIN)/pytest -q -m "browser and not soak"

test-fast: setup-test
	$(BIN)/pytest -q -n 2 -m "not engines and not browser and not database and not asterisk"

check: .venv/run.done .venv/test.done
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_layers.py

soak: setup-test
	$(BIN)/python -m tests.soak
	$(BIN)/pytest -q -m "soak"

models: .venv/run.done
	@$(VOICEBOT) models fetch

.venv/run.done: requirements/build.txt requirements/run.txt pyproject.toml web/package-lock.json
	@scripts/system-packages.sh run
	@echo "Python environment (a few minutes the first time)…"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) -r requirements/build.txt -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m voicebot.app.vendor
	@touch $@

.venv/test.done: requirements/dev.txt .venv/run.done
	@scripts/system-packages.sh test
	@telephony/asterisk/install.sh >/dev/null
	@$(PIP) -r requirements/dev.txt
	@$(BIN)/python -m voicebot.app.vendor --tests
	@touch $@

clean:
	rm -rf .venv var build reports .mypy_cache .pytest_cache .ruff_cache .hypothesis
