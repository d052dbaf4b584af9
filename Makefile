# The commands of this project. `make help` lists them. Each installs what it needs itself.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV := .tools/bin/uv
STAMP := $(VENV)/.compiled
SPARK_VENV := .venv-spark
SPARK_STAMP := $(SPARK_VENV)/.compiled
# Once, while installing: where PYTHONDONTWRITEBYTECODE is set, as in many containers, each of hundreds of processes would
# otherwise compile Airflow and dbt anew
COMPILED := --compile-bytecode

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
# the project is run from its checkout
export PYTHONPATH := $(CURDIR)

.PHONY: help setup spark-setup lock run stop test test-fast test-all lint audit format mutants bench docs reference screenshots clean chromium java

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "error: Python 3.11 is needed, and '$(PYTHON)' is another version. Install it, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .tools || \
	  { echo "error: this Python cannot make virtual environments. On Debian: apt-get install python3-venv"; exit 1; }
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv

$(STAMP): requirements.txt | $(UV)
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) $(VENV)
	$(UV) pip sync --quiet $(COMPILED) --python $(BIN)/python requirements.txt
	@touch $@

setup: $(STAMP) ## make the environment

$(SPARK_STAMP): requirements-spark.txt | $(UV)
	@test -x $(SPARK_VENV)/bin/python || $(UV) venv --quiet --python $(PYTHON) $(SPARK_VENV)
	$(UV) pip sync --quiet $(COMPILED) --python $(SPARK_VENV)/bin/python requirements-spark.txt
	@touch $@

spark-setup: $(SPARK_STAMP) java ## make the environment of the Spark target, and install Java

lock: | $(UV) ## compile requirements*.in into requirements*.txt
	$(UV) pip compile --quiet --python-version 3.11 --no-header --upgrade requirements.in -o requirements.txt
	$(UV) pip compile --quiet --python-version 3.11 --no-header --upgrade requirements-spark.in -o requirements-spark.txt

run: $(STAMP) ## start everything: Airflow on 8080, the web app on 8050, the mail sink (DETACH=1: in the background)
	$(BIN)/python -m embedded.up $(if $(DETACH),--detach)

stop: $(STAMP) ## end what `make run DETACH=1` started
	$(BIN)/python -m embedded.down

# what the browser tests need of the system: Debian's Chromium, and a library that Playwright's own Node.js links to
BROWSER_PACKAGES := $(if $(or $(CARTON_CHROMIUM),$(shell command -v chromium)),,chromium) \
  $(if $(shell /sbin/ldconfig -p 2>/dev/null | grep -o -m1 libatomic.so.1),,libatomic1)

chromium:
ifneq ($(strip $(BROWSER_PACKAGES)),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing with apt: $(strip $(BROWSER_PACKAGES))"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(BROWSER_PACKAGES) >/dev/null; \
	else \
	  echo "error: the browser tests need what is not here: $(strip $(BROWSER_PACKAGES)). Install these packages (of Debian), or set CARTON_CHROMIUM to the browser's path."; \
	  exit 1; \
	fi
endif

# what Spark needs of the system; without it the tests marked `spark` say so and are skipped
java:
ifeq ($(strip $(or $(JAVA_HOME),$(shell command -v java))),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing with apt: openjdk-17-jre-headless"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; \
	else \
	  echo "note: Spark needs Java, and it is not here. Install openjdk-17-jre-headless (of Debian), or set JAVA_HOME."; \
	fi
endif

# two workers, each takes a whole file, in the order of tests/conftest.py
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test: $(STAMP) chromium ## every test that a change must pass; under 15 minutes on 2 cores
	$(PYTEST) -m "not extended"

test-fast: $(STAMP) ## the tests without dbt, Airflow and browser; under 2 minutes
	$(PYTEST) -m "not slow and not extended"

test-all: $(STAMP) $(SPARK_STAMP) chromium java ## also the long ones, and the core on Spark
	$(PYTEST)

lint: $(STAMP) ## ruff, mypy, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@# sqlfluff lints what dbt compiles, and dbt wants a warehouse to compile for: an empty one
	@mkdir -p .tools/lint-data/warehouse
	CARTON_DATA_DIR=$(CURDIR)/.tools/lint-data $(BIN)/sqlfluff lint --disable-progress-bar include/dbt

audit: | $(UV) ## ask the package index's list of known holes about every pinned version; needs the internet
	$(UV) tool run --quiet pip-audit@2.10.1 --strict --disable-pip --no-deps -r requirements.txt -r requirements-spark.txt

format: $(STAMP) ## let ruff and sqlfluff mend what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

mutants: $(STAMP) ## break the SQL on purpose, in a copy; some test must notice (ONLY=word: fewer)
	$(BIN)/python -m tests.mutants --only "$(ONLY)"

BENCH := steps increment scheduled pages

bench: $(STAMP) chromium ## measure everything and write docs/benchmarks.md; hours (BENCH="steps": less)
	for part in $(BENCH); do $(BIN)/python -m bench $$part --write || exit 1; done

docs: $(STAMP) ## the dbt docs site, one file that opens offline
	$(BIN)/python -m include.docs_site

reference: $(STAMP) ## write the pages of docs/ that follow from code
	$(BIN)/python -m reference
	$(BIN)/python -m include.contracts.event_contract

screenshots: $(STAMP) chromium ## pictures of every view into docs/screenshots, from what is published
	$(BIN)/python -m tests.screenshots

clean: ## remove environment, caches and build products; data/ stays
	rm -rf $(VENV) $(SPARK_VENV) .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis include/dbt/target include/dbt/logs
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
