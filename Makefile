# Everything happens in .venv, made from the lock file. `make` alone lists the targets.
PYTHON ?= python3
INPUT ?= tests/data/dump
OUTPUT ?= out/sample
LANGID ?= ../shared/data/langid
ARTICLES ?= ../shared/data/articles/allsides-9k.jsonl.gz
DATA ?= ../shared/data
KILLS ?= 20
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= file lines article
MEMORY_ARTICLES ?= 10000 100000
BIN := .venv/bin
SETUP := .venv/.complete
KERNELS := $(wildcard transforms/runtime/kernels/*.[ch])

.DEFAULT_GOAL := help
.PHONY: help setup run-local submit preflight test test-cloud test-storage test-prism test-flink test-spark test-accurate test-faults fuzz lint format docs sql charts picture lock bench-script bench-ner bench-dedupe bench-memory bench-ner-memory bench-names bench-extract bench-page bench-langid bench-decoding bench-scale bench-requests bench-adding bench-flink bench-sentiment train-sentiment clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo '  make run-local INPUT="dumps/*.jsonl.gz" OUTPUT=out/mine    for your own data'

setup: $(SETUP) ## Make .venv with the locked set of packages, the language model among them

$(SETUP): requirements.lock setup.py $(KERNELS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsbeam needs Python 3.11 or newer; try make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run-local: $(SETUP) ## Run the job on this machine: INPUT=… OUTPUT=…, the sample dump without them
	@$(BIN)/newsbeam run --input '$(INPUT)' --output '$(OUTPUT)' $(if $(filter out/sample,$(OUTPUT)),--overwrite) $(FLAGS)

submit: $(SETUP) ## Send the job to Dataflow: PROJECT=… REGION=… BUCKET=…, and INPUT=gs://… OUTPUT=gs://… FLAGS=… if you like
	@$(BIN)/newsbeam submit --project '$(PROJECT)' --region '$(REGION)' --bucket '$(BUCKET)' \
		$(if $(filter gs://%,$(INPUT)),--input '$(INPUT)') $(if $(filter gs://%,$(OUTPUT)),--output '$(OUTPUT)') $(FLAGS)

preflight: $(SETUP) ## Look whether the job could run on Dataflow: as submit
	@$(BIN)/newsbeam preflight --project '$(PROJECT)' --region '$(REGION)' --bucket '$(BUCKET)' \
		$(if $(filter gs://%,$(INPUT)),--input '$(INPUT)') $(if $(filter gs://%,$(OUTPUT)),--output '$(OUTPUT)') $(FLAGS)

test: $(SETUP) ## Run the tests
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

test-faults: $(SETUP) ## Kill and poison runs again and again: KILLS=20, some twenty minutes
	$(BIN)/python -m pytest -m faults tests/faults --kills $(KILLS) $(ARGS)

fuzz: $(SETUP) ## Fuzz the parsers and the cleaner: FUZZ_SECONDS=60 for each of FUZZ_TARGETS
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'atheris>=3,<4'
	mkdir -p build/fuzz
	for target in $(FUZZ_TARGETS); do mkdir -p build/fuzz/$$target && \
		find tests/data/dump -type f -size -8k -exec cp {} build/fuzz/$$target/ \; && \
		$(BIN)/python -m tests.fuzz.fuzz $$target -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -timeout=20 \
			-artifact_prefix=build/fuzz/ build/fuzz/$$target || exit 1; done

test-cloud: $(SETUP) ## Run the long tests of the cloud: other runners, workers in empty environments, the image's steps
	$(BIN)/python -m pytest -m cloud $(ARGS)

# What the extras bring, and emulators of the storage, apart from .venv.
build/storage:
	rm -rf $@.part
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --target $@.part 'boto3>=1.9,<2' 'moto[s3,server]>=5,<6' \
		'azure-core>=1.7,<2' 'azure-identity>=1.12,<2' 'azure-storage-blob>=12.3.2,<13'
	npm install --silent --prefix $@.part azurite@3
	mv $@.part $@

test-storage: $(SETUP) build/storage ## Run the job on S3 and from Azure, as emulators give them (needs npm)
	PYTHONPATH=$(CURDIR)/build/storage $(BIN)/python -m pytest tests/cloud/test_other_storage.py $(ARGS)

build/engines/prism:
	GOBIN=$(CURDIR)/build/engines go install github.com/apache/beam/sdks/v2/go/cmd/prism@v$$($(BIN)/python -c 'import apache_beam; print(apache_beam.__version__)')

test-prism: $(SETUP) build/engines/prism ## Run the job on Prism and compare its tables with the local runner's (needs Go)
	$(BIN)/python -m pytest -m engines tests/engines/test_prism.py $(ARGS)

# Beam's part of a class path, by Maven; the engine's own is in a package of PyPI.
build/engines/%: tests/engines/%.xml
	rm -rf $@ $@.part
	mvn --batch-mode --quiet --file $< dependency:copy-dependencies -DincludeScope=runtime \
		-DexcludeGroupIds=org.apache.$* -DoutputDirectory=$(CURDIR)/$@.part/beam
	$(PYTHON) -m venv $@.part/python
	$@.part/python/bin/python -m pip install --quiet --disable-pip-version-check wheel 'setuptools<80'
	$@.part/python/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		$(if $(filter flink,$*),apache-flink-libraries==1.19.3,pyspark==3.5.0)
	mv $@.part/python/lib/python3*/site-packages/$(if $(filter flink,$*),pyflink,pyspark) $@.part/home
	rm -rf $@.part/python
	mv $@.part $@

test-flink: $(SETUP) build/engines/flink ## Run the job on a Flink cluster, compare its tables, kill its parts (needs Java 17, Maven)
	$(BIN)/python -m pytest -m engines tests/engines/test_flink.py tests/engines/test_flink_kills.py $(ARGS)

bench-flink: $(SETUP) build/engines/flink ## Measure a run on Flink: seconds, bytes exchanged, files: ARTICLES=file.jsonl.gz
	$(BIN)/python -m benchmarks.flink $(ARTICLES)

test-spark: $(SETUP) build/engines/spark ## Run the job on Spark and compare its tables with the local runner's (needs Java 17, Maven)
	$(BIN)/python -m pytest -m engines tests/engines/test_spark.py $(ARGS)

test-accurate: $(SETUP) ## Install the extra of --sentiment accurate and run its tests, which skip without it
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[accurate]'
	$(BIN)/python -m pytest tests/sentiment/test_accurate.py tests/end-to-end/test_accurate_run.py

.PHONY: test-iceberg
test-iceberg: $(SETUP) ## Install the extra of newsbeam publish and run its tests, which skip without it
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[iceberg]'
	$(BIN)/python -m pytest tests/tables/test_iceberg.py $(ARGS)

lint: $(SETUP) ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(SETUP) ## Format the code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: $(SETUP) ## Generate docs/tables.md, deploy/metadata.json, the answers of docs/queries.md, what the page says of measured errors
	$(BIN)/python -m schemas.tables > docs/tables.md
	$(BIN)/python -m pipeline.cloud.template > deploy/metadata.json
	$(BIN)/python -m docs.queries
	$(BIN)/python -m docs.notebook
	$(BIN)/python -m docs.measured

sql: $(SETUP) ## Generate the files of sql/ from the schemas
	$(BIN)/python -m sql.generate

charts: $(SETUP) ## Bundle the page's charting libraries and map anew (needs npm)
	$(BIN)/python pipeline/tables/report/charts/build.py

picture: $(SETUP) ## Draw docs/summary.svg, the end of a run on the sample dump
	$(BIN)/python -m docs.picture

lock: ## Resolve requirements.lock and deploy/requirements.lock anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --no-header --no-annotate \
		--extra cloud --extra test --extra lint setup.py requirements.build -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --no-header --no-annotate \
		--extra cloud --constraint requirements.lock setup.py requirements.build -o deploy/requirements.lock

bench-script: $(SETUP) ## Measure beside a plain spaCy script: ARTICLES=file.jsonl.gz
	$(BIN)/python -m benchmarks.against_script $(ARTICLES)

# Each peer in an environment of its own; one that can't be had is a line of the table.
PEERS := datatrove ray spark beam
PEER_ARTICLES ?= 200 1000
build/peers/%/.complete: benchmarks/peers/%.txt benchmarks/peers/common.txt
	rm -rf $(@D)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.PHONY: bench-peers
bench-peers: $(SETUP) ## Measure beside datatrove, Ray Data, Spark and plain Beam (needs Java 17): PEER_ARTICLES="200 1000"
	-$(MAKE) --keep-going $(PEERS:%=build/peers/%/.complete)
	$(BIN)/python -m benchmarks.peers $(ARTICLES) --articles $(PEER_ARTICLES)

bench-ner: $(SETUP) ## Measure entities beside spaCy: ARTICLES=file.jsonl.gz, OLD=a Python with another spaCy
	$(BIN)/python -m benchmarks.ner $(ARTICLES) $(if $(OLD),--old $(OLD))

.PHONY: bench-stages
bench-stages: $(SETUP) ## Measure where a run's processor time goes, stage by stage: ARTICLES=file.jsonl.gz
	$(BIN)/python -m benchmarks.stages $(ARTICLES)

bench-memory: $(SETUP) ## Measure the peak memory of whole runs: ARTICLES=file.jsonl.gz, MEMORY_ARTICLES="10000 100000"
	$(BIN)/python -m benchmarks.memory $(ARTICLES) --articles $(MEMORY_ARTICLES)

bench-ner-memory: $(SETUP) ## Measure the memory of a worker over 100,000 articles: ARTICLES=file.jsonl.gz
	$(BIN)/python -m benchmarks.ner_memory $(ARTICLES)

bench-dedupe: $(SETUP) ## Measure near copies on real articles and copies made of them: ARTICLES=file.jsonl.gz
	$(BIN)/python -m benchmarks.dedupe $(ARTICLES)

bench-extract: $(SETUP) ## Measure extraction on real pages beside trafilatura: DATA=../shared/data
	$(BIN)/python -m benchmarks.extract $(DATA) --hop

bench-names: $(SETUP) ## Measure names on labelled world news: DATA=../shared/data
	$(BIN)/python -m benchmarks.names $(DATA)
	$(BIN)/python -m benchmarks.names_world $(DATA)
	$(BIN)/python -m benchmarks.made_names
	$(BIN)/python -m benchmarks.speakers $(DATA)

bench-page: $(SETUP) ## Measure the commands on the tables of 100,000 made-up articles, and how the page opens
	$(BIN)/python -m benchmarks.page

bench-langid: $(SETUP) ## Measure the identification of languages: LANGID=folder of <code>.txt
	$(BIN)/python -m benchmarks.langid $(LANGID)

bench-decoding: $(SETUP) ## Measure how often bytes of every encoding become their text again: LANGID=folder of <code>.txt
	$(BIN)/python -m benchmarks.decoding $(LANGID)

bench-scale: $(SETUP) ## Measure what docs/scale.md reckons with: seconds and bytes an article: DATA=../shared/data
	$(BIN)/python -m benchmarks.scale $(DATA)

bench-requests: $(SETUP) ## Measure what runs ask of the storage: fresh, with one article more, and a retry
	$(BIN)/python -m benchmarks.requests

bench-adding: $(SETUP) ## Measure what is read for copies when one article is added: ARTICLES=file.jsonl.gz
	$(BIN)/python -m benchmarks.adding $(ARTICLES)

bench-sentiment: $(SETUP) ## Measure sentiment: quality, swapped names, cost: ACCURATE=its model's directory
	$(BIN)/python -m benchmarks.sentiment $(DATA) $(if $(ACCURATE),--accurate $(ACCURATE))

train-sentiment: $(SETUP) ## Train both models of sentiment from the data to the shipped files: DATA=../shared/data [DEVICE=cuda]
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[train]'
	$(BIN)/python -m training.sentiment $(DATA) $(if $(DEVICE),--device $(DEVICE))

clean: ## Remove .venv, outputs and caches
	rm -rf .venv out build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
