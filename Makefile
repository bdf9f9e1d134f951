# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
QUESTION ?= What is the treatment for severe inflammatory muscle spasms?

.PHONY: help install demo test lint format bench bench-literature golden clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | column -ts '	'

install: $(STAMP)  ## Make the virtual environment and put the program at .venv/bin/vade

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Vademecum needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[pdf,semantic,postgresql,dev]'
	@$(BIN)/vade pack list > /dev/null # compiles the library once, so that the first answer is quick
	@touch $(STAMP)

demo: install  ## Answer a real question
	$(BIN)/vade ask "$(QUESTION)"

test: install lint  ## Lint, type-check and run the whole test suite
	$(BIN)/vade pack lint
	$(BIN)/python -m pytest -n auto

lint: install  ## Style and strict types
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy

format: install  ## Rewrite the code in the house style
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

bench: install  ## Measure answers, start-up, memory, the size of the core, and how well questions are answered
	$(BIN)/python benchmarks/answers.py --core --write benchmarks/results/answers.txt
	$(BIN)/python benchmarks/questions.py --write benchmarks/results/questions.txt

bench-literature: install  ## Measure import, search, mining and digests; takes more than an hour, needs ../shared/bench
	$(BIN)/python benchmarks/medline.py --write benchmarks/results/medline.txt
	$(BIN)/python benchmarks/medline_import.py --write benchmarks/results/medline-import.txt
	$(BIN)/python benchmarks/retrieval.py --write benchmarks/results/retrieval.txt
	$(BIN)/python benchmarks/digest.py --write benchmarks/results/digest.txt
	$(BIN)/python benchmarks/mining.py --write benchmarks/results/mining.txt
	$(BIN)/python benchmarks/search_latency.py --write benchmarks/results/search-latency.txt
	$(BIN)/python benchmarks/kill_import.py > benchmarks/results/kill-import.txt

golden: install  ## Rewrite the golden articles after an intended change; read the difference before you commit
	$(BIN)/python -m pytest tests/answer/test_golden.py --update-golden -n 0

clean:  ## Remove what the commands above made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
