# make run              everything on this machine, with nothing but Python 3.11
# make test             the suite on the same machine
# make test APP=digits  the tests of one app, or of any folder or file
# make dev              a site that starts again when the code changes, with samples, its data in var/dev
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
BIOME := $(VENV)/biome/node_modules/.bin/biome
AXE := $(VENV)/axe/node_modules/axe-core/axe.min.js
# Three processes run the tests, so that two cores have work while one waits for a worker; each file by one of them, in
# the order of conftest.py; empty: one process.
SIDE_BY_SIDE := -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: parts run dev test test-services test-full lint format measure bench messages licences constraints audit screenshot before-after tour pictures
.DEFAULT_GOAL := run
unexport PYTHONDONTWRITEBYTECODE  # else each process would compile all of it anew

$(VENV)/run: requirements.txt constraints.txt
	command -v $(PYTHON) >/dev/null && $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements.txt
	touch $@

# Networks and language data from npm: where it cannot be reached, the site runs without what they are for.
parts: $(VENV)/npm/package.json

$(VENV)/npm/package.json: package.json $(VENV)/run
	mkdir -p $(@D)
	cp package.json $@
	$(BIN)/npm install --prefix $(@D) --ignore-scripts --no-audit --no-fund --no-package-lock --silent \
	  || { rm $@; echo "Some parts could not be fetched from npm: the site runs without them; make parts tries again."; }

$(VENV)/dev: requirements-dev.txt constraints.txt $(VENV)/run | parts
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements-dev.txt
	touch $@

# From npm, too: the linter of JavaScript and CSS, and what tells the tests whom a page keeps out.
$(BIOME): tools/package.json $(VENV)/run
	$(call from-npm,$(VENV)/biome)

$(AXE): tests/browser/package.json $(VENV)/run
	$(call from-npm,$(VENV)/axe)

define from-npm
	mkdir -p $(1)
	cp $< $(1)
	$(BIN)/npm install --prefix $(1) --ignore-scripts --no-audit --no-fund --no-package-lock --silent
	touch $@
endef

run: $(VENV)/run parts
	@exec $(BIN)/python manage.py up

dev: $(VENV)/dev
	@exec $(BIN)/python tools/dev.py

test: $(VENV)/dev
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(APP)

# What uses them on a real PostgreSQL and a real Redis: DATABASE_URL and REDIS_URL say where;
# each process empties a numbered database of Redis for itself, the first ones after the one of the URL.
test-services: $(VENV)/dev
	SECRET_KEY=for-tests-and-nothing-but-for-tests $(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "services and not browser and not full"

# What takes too long for every day: every page in every state, as each role sees it, in both languages and themes, on
# phones and desktops; trainings whose worker is killed, a short form of each benchmark, forty times as much made-up
# input, and further cases of long tables (tests/support/tiers.py).
test-full: $(VENV)/dev $(AXE)
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "full or hypothesis" --hypothesis-profile deep

lint: $(VENV)/dev $(BIOME)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIOME) check --error-on-warnings
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(VENV)/dev $(BIOME)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIOME) check --write

measure: $(VENV)/dev
	$(BIN)/python tools/measure.py .

bench: $(VENV)/dev
	$(BIN)/python benchmarks/grading.py
	$(BIN)/python benchmarks/digits.py
	$(BIN)/python benchmarks/classifier.py
	$(BIN)/python benchmarks/generator.py

messages: $(VENV)/dev
	$(BIN)/python tools/messages.py

licences: $(VENV)/dev
	$(BIN)/python tools/licences.py

# After a version was changed in a file of requirements: install it with whatever it needs, and write down what that is.
constraints:
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python tools/constraints.py
	touch $(VENV)/run $(VENV)/dev

# Known holes in what is installed, from PyPI and npm; fails, too, where these could not be asked.
audit: $(VENV)/dev
	$(BIN)/python tools/audit.py

# The README's pictures, and make before-after BEFORE=COMMIT: every page then and now in var/before_after.
screenshot: $(VENV)/dev
	$(BIN)/python tools/screenshot.py

before-after: $(VENV)/dev
	$(BIN)/python tools/before_after.py $(BEFORE)

# The pictures of docs/tour.md; with BEFORE=COMMIT ten of then and now, too.
tour: $(VENV)/dev
	$(BIN)/python tools/tour.py $(BEFORE)

pictures: $(VENV)/dev
	$(BIN)/python tools/pictures.py
