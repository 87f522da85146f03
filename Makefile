# Every target sets up what it needs. CI calls these same targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
INTEROP := .venv-interop
export PYTHONUTF8 = 1

.PHONY: help setup interop demo test faults check format bench reference constraints clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is missing: install Python 3.11 or newer (Debian: apt install python3 python3-venv)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or newer is needed, this is $$($(PYTHON) --version); say where one is: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@if command -v uv >/dev/null; then \
	  uv venv --quiet --clear --python $(PYTHON) $(VENV) && \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r constraints.txt && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: Python's venv module is missing: install it (Debian: apt install python3-venv)" >&2; exit 1; } ; \
	  $(PYTHON) -m venv --clear $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@$(BIN)/python -m compileall -q config tracker notifications jobs  # commands start three times faster
	@touch $@

# Programs that read our files, apart from ours: their dependencies are theirs.
$(INTEROP)/.ready: constraints-interop.txt
	@if command -v uv >/dev/null; then \
	  uv venv --quiet --clear --python $(PYTHON) $(INTEROP) && \
	  uv pip install --quiet --python $(INTEROP)/bin/python --require-hashes -r constraints-interop.txt ; \
	else \
	  $(PYTHON) -m venv --clear $(INTEROP) && \
	  $(INTEROP)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints-interop.txt ; \
	fi
	@touch $@

interop: $(INTEROP)/.ready  ## make the environment of the programs that read our calendars

setup: $(STAMP)  ## make the virtual environment (.venv) from the pinned constraints

demo: $(STAMP)  ## the main job on the example conventions; files into ./demo
	@$(BIN)/conventions demo --output demo

test: $(STAMP)  ## the whole test suite
	@$(MAKE) --no-print-directory interop || echo "make: khal could not be installed; the tests that need it are skipped" >&2
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal --cov --cov-report=term:skip-covered
	@$(BIN)/coverage report --include='tracker/domain/*' --fail-under=98 >/dev/null || { echo "make: less than 98 % of tracker/domain is covered" >&2; exit 1; }

faults: $(STAMP)  ## the whole fault suite on both databases (up to half an hour): kills, full disks, old backups, bad relays
	@PYTHONPATH=tests $(BIN)/python -m faults.run

check: $(STAMP)  ## linters, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP)  ## format the code and mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

reference: $(STAMP)  ## write docs/reference/commands.md and docs/settings.md anew
	@$(BIN)/python -m jobs.reference docs/reference/commands.md
	@$(BIN)/python -m config.reference docs/settings.md

bench: $(STAMP)  ## measure; the ratios matter, not the times
	@for script in bench/*.py; do echo "== $$script"; $(BIN)/python "$$script" || echo "-- ended with status $$?"; done

constraints:  ## pin the newest allowed versions anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --extra dev pyproject.toml -o constraints.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --group interop -o constraints-interop.txt

clean:  ## remove what make made
	rm -rf $(VENV) $(INTEROP) demo build dist .coverage* .mypy_cache .ruff_cache .pytest_cache
