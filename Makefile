# The menu. Everything happens inside this folder; `make` alone shows what there is.
# On Windows, make.ps1 knows the same words.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do command -v $$name && exit; done; echo python3)
REPORT ?= regional_diagnosis
REGION ?= 28
JOBS   ?= 2

BIN       := .venv/bin
NOTEBOOKS := $(wildcard notebooks/*.ipynb)

.DEFAULT_GOAL := help
.PHONY: help setup demo build reports report test lint types lab bench clean distclean

help:  ## show this menu
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup:  ## make the environment in .venv (all other targets do it themselves)
	@$(PYTHON) tools/setup.py

demo: setup  ## write synthetic example data where no data about persons were delivered
	$(BIN)/ropsanalysis demo

build: demo  ## check the data and compute the tables all reports share
	$(BIN)/ropsanalysis build

reports: build  ## render every report for every voivodeship into reports/
	$(BIN)/ropsanalysis render

report: build  ## render one: make report REPORT=regional_diagnosis REGION=28
	$(BIN)/ropsanalysis render --report "$(REPORT)" --region "$(REGION)"

test: setup  ## run all tests (JOBS=2 processes)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

lint: setup  ## check style and that notebooks carry no outputs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(if $(NOTEBOOKS),$(BIN)/nbstripout --verify $(NOTEBOOKS))

types: setup  ## check the types
	$(BIN)/mypy

lab: build  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

bench: setup  ## time the reports against plain papermill and nbconvert
	$(BIN)/python tools/bench.py

clean:  ## remove reports, computed tables and caches; the environment stays
	mkdir -p reports data/processed
	find reports data/processed -mindepth 1 -maxdepth 1 ! -name .gitkeep -exec rm -rf {} +
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
	find . \( -path ./.venv -o -path ./.git \) -prune -o \
	    \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -prune -exec rm -rf {} +

distclean: clean  ## remove the environment as well
	rm -rf .venv
