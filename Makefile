.PHONY: help run chat test slow faults lint format bench eval tune nlu-check rasa-report screenshots clean

help:            ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

.venv/.ready-run: pyproject.toml constraints.txt scripts/make-venv
	@scripts/make-venv run

.venv/.ready-dev: pyproject.toml constraints.txt scripts/make-venv
	@scripts/make-venv dev

run: .venv/.ready-run  ## set up what is missing and start the service on 127.0.0.1:8000
	@.venv/bin/huiyin serve

chat: .venv/.ready-run ## talk to the sample community in the terminal
	@.venv/bin/huiyin chat

test: .venv/.ready-dev ## set up, build the models and run the tests
	@.venv/bin/huiyin prepare --models
	@.venv/bin/python -m pytest

slow: .venv/.ready-dev ## the tests that take minutes
	@.venv/bin/huiyin prepare --rasa --models
	@.venv/bin/python -m pytest -m "slow or rasa"

faults: .venv/.ready-dev ## kill, starve and restart a real service: fifty kills and more (minutes)
	@.venv/bin/python -m pytest -m "slow or not slow" tests/faults

lint: .venv/.ready-dev ## ruff and mypy
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

format: .venv/.ready-dev ## let ruff lay out the code
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

bench: .venv/.ready-dev ## speed and memory of the whole road
	@.venv/bin/python -m benchmarks.end_to_end
	@.venv/bin/python -m benchmarks.understanding --rasa

nlu-check: .venv/.ready-dev ## look for mistakes in the training data, Rasa's own check included
	@.venv/bin/huiyin nlu check --rasa

rasa-report: .venv/.ready-dev ## «rasa test nlu» on the written messages, kept in docs/rasa-report.md
	@.venv/bin/python scripts/rasa_report.py

eval: .venv/.ready-dev ## quality on real texts and messages (needs the data folder, DATA=…)
	@.venv/bin/huiyin eval retrieval --data $(DATA)
	@.venv/bin/huiyin eval understanding --data $(DATA)
	@.venv/bin/huiyin eval replies --data $(DATA)

tune: .venv/.ready-dev ## tune the ranking model anew from pairs (a quarter of an hour and more)
	@.venv/bin/python -m benchmarks.training.tune_embedder --data $(DATA)

DATA ?= ../shared/data

screenshots: .venv/.ready-dev ## take a picture of every page on a lively sample into docs/images
	@.venv/bin/huiyin prepare
	@.venv/bin/python -m tests.browser.screenshots

clean:           ## remove what make made, the data of the service included
	rm -rf .venv nlu/rasa/.venv nlu/rasa/.rasa nlu/rasa/models var
