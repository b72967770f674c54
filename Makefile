# Everything happens in .venv, with the versions of constraints.txt.
#   make run [ARGS=...]   open the dashboard            make bench       measure it
#   make test [ARGS=...]  run all tests and checks      make snapshots   write the pictures under test anew
#   make check            the same, checks first        make constraints pin the newest versions anew
#   make test-thorough    the same, properties with more examples
#   make docs             write the references anew     make npm         install the npm tools of tests and bench
#   make focus            install the validator of FOCUS tables of some tests
#   make clean            remove all that make made

# The first that is new enough; another one is named with `make PYTHON=...` (after `make clean`).
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin
PIP_INSTALL := -m pip --quiet --disable-pip-version-check install
PYTEST := $(BIN)/python -m pytest --quiet -rs
# Half as many again as there are cores, at most 8: one in three waits, for a program or for the clock.
PROCESSES := $(shell cores=$$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2); \
	processes=$$((cores * 3 / 2)); echo $$((processes < 8 ? processes : 8)))
PARALLEL := --numprocesses $(PROCESSES) --dist worksteal

.PHONY: run test test-thorough check bench snapshots docs npm focus constraints clean
.DELETE_ON_ERROR:

run: .venv/runs
	@$(BIN)/usage-tui $(ARGS)

test: .venv/ready
	@$(PYTEST) $(PARALLEL) $(ARGS)

test-thorough: .venv/ready
	@THOROUGH=1 $(PYTEST) $(PARALLEL) $(ARGS)

check: .venv/ready
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(PYTEST) $(PARALLEL) --ignore tests/packaging/test_checks.py $(ARGS)

bench: .venv/ready
	@$(BIN)/python -m bench $(ARGS)

# In one process: only then are the pictures of tests that are gone deleted.
snapshots: .venv/ready
	@$(PYTEST) --snapshot-update $$(grep -lr snap_compare --include 'test_*.py' tests) $(ARGS)

docs: .venv/ready
	@PYTHONPATH=. $(BIN)/python docs/reference.py

npm: build/npm/ready build/ccusage/ready

build/npm/ready: tests/server/npm/package.json tests/server/npm/package-lock.json
build/ccusage/ready: bench/npm/package.json bench/npm/package-lock.json
build/npm/ready build/ccusage/ready:
	@mkdir -p $(@D)
	@cp $^ $(@D)
	@npm ci --prefix $(@D) --no-audit --no-fund --loglevel error
	@touch $@

focus: build/focus/ready

# It needs packages that no Python after 3.12 has.
build/focus/ready: tests/packaging/focus/requirements.txt
	@mkdir -p $(@D)
	@python=$$(for python in "$(PYTHON)" python3.12 python3.11 python3; do \
		"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && echo "$$python" && break; done); \
		test -n "$$python" || { echo "the validator of FOCUS tables needs Python 3.11 or 3.12" >&2; exit 1; }; \
		"$$python" -m venv --clear $(@D)
	@$(@D)/bin/python $(PIP_INSTALL) --requirement $<
	@touch $@

# What the program needs to run, without the tools of its developers.
.venv/runs: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing usage-tui into .venv, once. Downloading what it needs ..."
	@$(BIN)/python $(PIP_INSTALL) --constraint constraints.txt hatchling
	@$(BIN)/python $(PIP_INSTALL) --constraint constraints.txt --no-build-isolation --editable '.[mcp,server]'
	@echo "Installed. Opening the demo; q quits."
	@touch $@

.venv/ready: .venv/runs
	@echo "Installing the tools of its developers into .venv, once ..."
	@$(BIN)/python $(PIP_INSTALL) --requirement constraints.txt
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "usage-tui needs Python 3.11 or newer; name one with: make PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"usage-tui needs Python 3.11 or newer; $(PYTHON) is " + sys.version.split()[0])'
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || { \
		version=$$("$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "$(PYTHON) cannot make a venv; on Debian and Ubuntu: apt install python$$version-venv" >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear .venv

# Run it with the oldest Python supported: newer ones need no more packages, but may need fewer.
constraints:
	@"$(PYTHON)" -m venv --clear build/constraints
	@build/constraints/bin/python $(PIP_INSTALL) --upgrade pip
	@build/constraints/bin/python $(PIP_INSTALL) '.[mcp,server]' --group dev
	@{ echo "# Every version that usage-tui and its tools are developed with; 'make constraints' writes this file."; \
		build/constraints/bin/python -m pip freeze --exclude usage-tui; } > build/constraints.txt
	@mv build/constraints.txt constraints.txt

clean:
	@rm -rf .venv bench/.peers build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache snapshot_report.html
	@find src tests bench -name __pycache__ -prune -exec rm -rf {} +
