# Every target sets up what it needs: .venv is made, and made anew when the pins or the Python have changed.

PY := .venv/bin/python
FOUND = $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)

.DEFAULT_GOAL := help
.PHONY: help figures test verify lab lock clean venv

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/make \1\t\2/p' Makefile | expand -t 16

figures: venv  ## run the notebooks; refresh their outputs and figures/
	@$(PY) -m analysis figures

test: venv  ## all checks: style, unit tests, notebooks against their outputs, figures against the code
	$(PY) -m ruff check --quiet --no-cache .
	$(PY) -m ruff format --quiet --no-cache --check .
	$(PY) -m pytest -n auto --dist loadscope tests
	$(PY) -m pytest -n auto --dist loadscope --nbval --nbval-current-env --nbval-cell-timeout=120 notebooks
	$(PY) -m analysis verify

verify: venv  ## rebuild figures and notebooks aside and compare
	@$(PY) -m analysis verify

lab: venv  ## open JupyterLab on the notebooks
	@$(PY) -m jupyterlab notebooks

lock: venv  ## compile requirements.txt from pyproject.toml (needs the network)
	@$(PY) -m pip install --quiet --disable-pip-version-check --target .venv/uv 'uv==0.13.9'
	@.venv/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --all-extras \
		--generate-hashes --no-header --no-emit-index-url pyproject.toml --output-file requirements.txt

clean:  ## remove what set-up and tests left
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis output
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv:
	@if [ -x $(PY) ] && $(PY) -c '' 2>/dev/null && cmp -s requirements.txt .venv/requirements.txt; then exit 0; fi; \
	set -e; \
	if [ -z "$(FOUND)" ]; then echo "error: no Python 3.11, 3.12 or 3.13 found; see README.md, Two commands" >&2; exit 1; fi; \
	echo "setting up .venv with $(FOUND), one to three minutes ..."; \
	rm -rf .venv; \
	$(FOUND) -m venv .venv || { rm -rf .venv; echo "error: $(FOUND) cannot make a venv; on Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }; \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt; \
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	cp requirements.txt .venv/
