# make demo       describe photos with the model that ships, without PyTorch; PHOTOS=folder for your own
# make test       run the tests
# make check      format, lint, types, and the rules about imports
# make install    put everything into .venv
# make format     let the formatter and the linter mend what they can
# make clean      remove .venv and all that was made from the sources; runs/ and features/ stay
#
# Nothing outside this folder is changed, and no environment of yours is used. The first call of a target
# installs what it needs into .venv; later calls find it there, until pyproject.toml or constraints.txt change.

PHOTOS ?= demo_photos
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --constraint constraints.txt
PINS := pyproject.toml constraints.txt
# Empty files that say what has been put into .venv.
MADE := .venv/made
RUNTIME := .venv/has-runtime
EVERYTHING := .venv/has-everything

# What a shell of yours sets for another Python would reach into .venv.
unexport PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_USER

.PHONY: help demo test check install format clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: $(RUNTIME)
	@mkdir -p demo; rm -f demo/index.html
	@status=0; $(BIN)/watchword describe "$(PHOTOS)" --html demo/index.html || status=$$?; \
	[ -f demo/index.html ] || exit $$status; \
	echo; \
	echo "The same with the photos, and what each word looked at: demo/index.html"; \
	echo "Next:"; \
	echo "  make demo PHOTOS=folder                          your own photos"; \
	echo "  $(BIN)/watchword describe photo.jpg --json    one object a line, with the names of things seen"; \
	echo "  $(BIN)/watchword --help                       everything else"; \
	exit $$status

test: $(EVERYTHING)
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

check: $(EVERYTHING)
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted; run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@MYPYPATH=bench $(BIN)/mypy --no-error-summary --allow-untyped-defs --allow-incomplete-defs --implicit-reexport bench/*.py
	@$(BIN)/python -m pytest tests/test_layers.py

install: $(EVERYTHING)
	@echo "Everything is in .venv; try: $(BIN)/watchword --help"

format: $(EVERYTHING)
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

clean:
	rm -rf .venv demo build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(MADE):
	@recent=; for name in $(PYTHON); do \
		"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		recent=$$name; \
		"$$name" -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Making .venv with $$("$$name" -c 'import platform, sys; print(sys.executable, platform.python_version())')"; \
		"$$name" -m venv .venv && touch $@; exit; \
	done; \
	if [ -n "$$recent" ]; then \
		echo "$$recent is recent enough, but cannot make environments: it comes without ensurepip."; \
		echo "On Debian and Ubuntu: apt install python3-venv. Or name another Python: make PYTHON=/path/to/python3.12"; \
	else \
		echo "None of these is Python 3.11 or newer: $(PYTHON)."; \
		echo "Install one, or name one that you have: make PYTHON=/path/to/python3.12"; \
	fi >&2; exit 1

# setuptools comes first, pinned, so that building this package fetches no other version of it.
$(RUNTIME): $(MADE) $(PINS)
	@echo "Installing what describing needs into .venv (no PyTorch) ..."
	@$(INSTALL) setuptools
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(EVERYTHING): $(RUNTIME)
	@echo "Installing PyTorch and the tools for training and tests into .venv ..."
	@$(INSTALL) --no-build-isolation --editable '.[train,encoders,regions,video,kernels,tune,words,search,serve,dev]'
	@touch $@
