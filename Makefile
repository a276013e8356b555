# Bare `make` prints what it can do.
.DEFAULT_GOAL := help
.PHONY: help run cluster test-cluster crash quick test test-database fuzz cover lint docs translations lock image test-image wheel sbom \
	audit licences soak bench clean
PYTHON ?= python3
export PATH := $(PATH):/usr/sbin:/sbin
# Debian starts an nginx and a HAProxy that it installs, where it can. The tests start their own.
stop = { sudo=$$(test "$$(id -u)" = 0 || echo sudo -n); $$sudo service $(1) stop; $$sudo update-rc.d $(1) disable; \
	$$sudo systemctl disable --now $(1); true; } >/dev/null 2>&1
haproxy = command -v haproxy >/dev/null || { tools/install.sh 'command -v haproxy' haproxy && $(call stop,haproxy); }
# MariaDB's replication library, and what its state transfer runs. The transfer's scripts come from mariadb-server, which
# is unpacked below var/ and not installed: see tools/cluster/sst_scripts.py.
galera = tools/install.sh 'test -e /usr/lib/galera/libgalera_smm.so && command -v rsync && command -v lsof && command -v ip' \
	galera-4 rsync lsof iproute2
# Chromium, fonts for every script in the tests (1 MB) and emoji (10 MB), and axe-core, which checks accessibility.
fonts = test -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf -a -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf
chromium = tools/install.sh 'command -v chromium-headless-shell && $(fonts)' \
	chromium-headless-shell fonts-dejavu-core fonts-noto-color-emoji \
	|| command -v chromium-headless-shell >/dev/null || echo "tests that need Chromium will be skipped"
AXE_CORE := 4.14.1
npm_install = npm install --silent --prefix .venv --no-save --no-package-lock --ignore-scripts --no-audit --no-fund
axe_core = grep -qs '"version": "$(AXE_CORE)"' .venv/node_modules/axe-core/package.json \
	|| { tools/install.sh 'command -v npm' npm && $(npm_install) axe-core@$(AXE_CORE); } \
	|| echo "tests that need axe-core will be skipped"
# The suite ends when this make ends, even by SIGKILL: tests/processes.py watches the process named here.
# pytest keeps each test file as it rewrites it, unless this variable says not to; that takes 5 s a worker.
suite = PYTHONDONTWRITEBYTECODE= GATEPASS_TESTS_STARTER=$$PPID exec .venv/bin/python -m pytest

# The database server of ENGINE: MariaDB's packages, or a MySQL that is fetched into var/ and tried.
database = case "$${ENGINE:-mariadb}" in \
	mariadb) tools/install.sh 'command -v mariadbd' mariadb-server-core mariadb-client-core ;; \
	mysql) .venv/bin/python -m tools.private_mysql ;; \
	*) echo "ENGINE must be mariadb or mysql, not '$$ENGINE'" >&2; exit 1 ;; esac

help: ## Print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/runs ## Start the service on a private MariaDB (ENGINE=mysql: MySQL; or on DATABASE_URL); HOST and PORT are honoured
	@if [ -z "$$DATABASE_URL" ]; then $(database); fi
	@exec .venv/bin/python -m tools.run

# What a cluster is made of, on ENGINE.
cluster_parts = $(database) && \
	if [ "$${ENGINE:-mariadb}" = mariadb ]; then $(galera); else tools/install.sh 'command -v ip' iproute2; fi && $(haproxy)

cluster: .venv/runs ## Start a cluster to try: three database nodes (Galera; ENGINE=mysql: Group Replication), three of Gatepass, HAProxy
	@$(cluster_parts)
	@exec .venv/bin/python -m tools.cluster

test-cluster: .venv/runs ## Break a cluster under load in every way, as root (an hour); prints a table for bench/results.md
	@$(cluster_parts)
	@exec .venv/bin/python -m tools.cluster.faults

crash: .venv/installed ## Kill Gatepass and its database 100 times under load, fill disks, take memory, as root (20 minutes); prints a table
	@$(database)
	@exec .venv/bin/python -m tools.crash

quick: .venv/installed ## The tests that need no database and no browser, in half a minute
	@$(suite) --numprocesses=2 --dist=worksteal --ignore=tests/e2e -m "not database and not browser"

test: .venv/installed .venv/release/installed ## Lint, then run the whole suite against a private MariaDB (ENGINE=mysql: MySQL) and a real PHP
	@tools/install.sh 'command -v mariadbd' mariadb-server-core mariadb-client-core
	@$(database)
	@tools/install.sh 'php -m | grep -q mysqli' php-cli php-mysql || echo "tests that need PHP will be skipped"
	@tools/install.sh 'command -v curl' curl
	@tools/install.sh 'command -v jq' jq || echo "tests that need jq will be skipped"
	@command -v nginx >/dev/null || { tools/install.sh 'command -v nginx' nginx-light && $(call stop,nginx); } || echo "tests that need nginx will be skipped"
	@command -v promtool >/dev/null || { tools/install.sh 'command -v promtool' prometheus && $(call stop,prometheus) && $(call stop,prometheus-node-exporter); } || echo "tests that need Prometheus will be skipped"
	@command -v caddy >/dev/null || { tools/install.sh 'command -v caddy' caddy && $(call stop,caddy); } || echo "tests that need Caddy will be skipped"
	@test -x .venv/bin/traefik || $(install) '.[traefik]' || echo "tests that need Traefik will be skipped"
	@$(haproxy) || echo "tests that need HAProxy will be skipped"
	@$(galera) || echo "tests that need Galera will be skipped"
	@$(chromium)
	@$(axe_core)
	@$(MAKE) --no-print-directory lint
	@$(suite) --numprocesses=4 --dist=worksteal --ignore=tests/image

# Store, commands, migrations, EXPLAIN, doors, throttle, faults and PHP neighbours.
facing_database = tests/architecture/test_statements.py tests/auth tests/cli tests/db tests/doors tests/server tests/wire \
	$(wildcard $(addprefix tests/e2e/test_,*faults*.py php*.py private_mysql.py run.py throttle_nodes.py \
	revoked_everywhere.py pair_races.py check_loop.py))

test-database: .venv/installed ## The tests of what talks to the database (ENGINE=mysql: on MySQL), without a browser
	@$(database)
	@$(suite) --numprocesses=4 --dist=worksteal -m "not browser and not fuzz" $(facing_database)

# FUZZ_SECONDS of coverage-guided fuzzing. `python -m tools.fuzz` runs one target alone.
FUZZ_SECONDS ?= 3600
fuzz: .venv/fuzz ## The tests by random examples, with all their examples, then an hour of fuzzing; prints a table
	@$(database)
	@tools/install.sh 'php -m | grep -q mysqli' php-cli php-mysql || echo "nothing will be compared with PHP"
	@command -v nginx >/dev/null || { tools/install.sh 'command -v nginx' nginx-light && $(call stop,nginx); } || echo "tests that need nginx will be skipped"
	@(FUZZ=1 $(suite) --numprocesses=2 --dist=worksteal -m fuzz); tested=$$?; \
		.venv/bin/python -m tools.fuzz --seconds $(FUZZ_SECONDS) && exit $$tested

cover: .venv/installed ## The suite with branch coverage of code and tests
	@tools/install.sh 'command -v mariadbd' mariadb-server-core mariadb-client-core
	@$(chromium)
	@$(axe_core)
	@$(suite) --cov --cov-report=term

lint: .venv/installed ## flake8, isort and mypy, as setup.cfg says
	@.venv/bin/flake8 v1 tests tools bench wsgi.py config/gunicorn.conf.py
	@.venv/bin/isort --check-only --quiet v1 tests tools bench wsgi.py config/gunicorn.conf.py
	@.venv/bin/mypy

docs: .venv/installed ## Write what the documents derive from the code: settings, URLs, error codes, capacity, the OpenAPI document
	@.venv/bin/python -m tools.generate

translations: .venv/installed ## Gather the console's texts into its catalogues and compile them
	@cd v1/doors/console && ../../../.venv/bin/pybabel --quiet extract --mapping-file=translations/babel.cfg --keywords=N_ --keywords=NN_:1,2 --keywords=Kind:2 --add-location=file --no-wrap --output-file=../../../.venv/console.pot . ../../kinds.py
	@.venv/bin/pybabel --quiet update --input-file=.venv/console.pot --output-dir=v1/doors/console/translations --no-fuzzy-matching --no-wrap --ignore-pot-creation-date --ignore-obsolete
	@.venv/bin/pybabel --quiet compile --directory=v1/doors/console/translations --statistics

# LOCK=--upgrade takes the newest versions that setup.cfg allows, LOCK="--upgrade-package Flask" that of one package.
lock: ## Write config/requirements.txt, the packages of a deployment with their hashes, and those that build the wheel
	@test -x .venv/lock/bin/pip-compile || { $(PYTHON) -m venv .venv/lock && .venv/lock/bin/pip install --quiet --disable-pip-version-check 'pip-tools>=7.6'; }
	@CUSTOM_COMPILE_COMMAND='make lock' .venv/lock/bin/pip-compile --quiet $(LOCK) --generate-hashes --no-emit-index-url --no-emit-find-links --strip-extras --output-file=config/requirements.txt setup.cfg
	@CUSTOM_COMPILE_COMMAND='make lock' .venv/lock/bin/pip-compile --quiet $(LOCK) --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --strip-extras --build-deps-for=wheel --only-build-deps --output-file=config/build-requirements.txt setup.cfg

wheel: .venv/build/installed ## Build the wheel of the last commit (or of COMMIT) into var/release/, the same bytes at any time and place
	@.venv/build/bin/python -m tools.release.wheel var/release --commit '$(COMMIT)'

sbom: .venv/deployment/installed .venv/release/installed ## Write var/release/gatepass.cdx.json: the packages of a deployment, as CycloneDX
	@mkdir -p var/release
	@.venv/release/bin/cyclonedx-py environment --validate --output-reproducible --spec-version 1.6 --output-file var/release/gatepass.cdx.json .venv/deployment
	@echo "var/release/gatepass.cdx.json"

licences: .venv/deployment/installed .venv/release/installed ## Write docs/licences.md: the licence of each package of a deployment
	@{ printf '# Licences\n\nThe licence of each package that a deployment has beside Gatepass, as the package names it. `make licences` writes this page.\n\n'; \
		.venv/release/bin/pip-licenses --python .venv/deployment/bin/python --format=markdown --no-version; } > docs/licences.md

audit: .venv/release/installed ## Look for known vulnerabilities of a deployment's packages; exit code 3: they could not be looked up
	@.venv/bin/python -m tools.release.audit .venv/release/bin/pip-audit

# Build the container image as root, without an engine.
image_tools = tools/install.sh 'command -v buildah && command -v debootstrap && test -e /usr/share/keyrings/debian-archive-keyring.gpg' \
	buildah debootstrap debian-archive-keyring

image: .venv/runs ## Build the container image with buildah, as root (BASE=... on an image of a registry); prints size and digest
	@$(image_tools)
	@exec .venv/bin/python -m tools.image --base '$(BASE)'

test-image: .venv/installed ## Build the container image, run it as compose.yaml says and test it, as root (two minutes)
	@tools/install.sh 'command -v mariadbd' mariadb-server-core mariadb-client-core
	@{ $(image_tools) && tools/install.sh 'command -v crun' crun; } || echo "the tests of the image will be skipped"
	@$(suite) tests/image

bench: .venv/installed ## Measure logins and token checks beside PHP, Node and others (an hour and a half); prints tables for bench/results.md
	@tools/install.sh 'command -v mariadbd' mariadb-server-core mariadb-client-core
	@tools/install.sh 'test -e /usr/lib/apache2/modules/libphp*.so && php -m | grep -q mysqli' apache2 libapache2-mod-php php-cli php-mysql
	@tools/install.sh 'command -v wrk' wrk
	@command -v nginx >/dev/null || { tools/install.sh 'command -v nginx' nginx-light && $(call stop,nginx); } || echo "checks through nginx will not be measured"
	@tools/install.sh 'command -v npm' npm || echo "Fastify will not be measured"
	@.venv/bin/python -m bench

# SECONDS=300 tries it; under a quarter of an hour the memory of new workers is still settling.
soak: .venv/installed ## Half an hour at 70 % of capacity with reloads and purges: nothing may grow or fail; prints tables for bench/results.md
	@tools/install.sh 'command -v mariadbd' mariadb-server-core mariadb-client-core
	@.venv/bin/python -m bench soak --seconds $(or $(SECONDS),1800)

clean: ## Remove the virtual environment, the private databases and every cache
	rm -rf .venv var build *.egg-info .pytest_cache .mypy_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the service needs, for `make run`; what its tests need too, for all else.
install = .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable

.venv/bin/python:
	@tools/install.sh '$(PYTHON) -c "import ensurepip, venv"' python3-venv
	@$(PYTHON) -m venv .venv

.venv/runs: setup.cfg pyproject.toml | .venv/bin/python
	@echo "installing the Python packages of the service into .venv"
	@$(install) .
	@touch $@

.venv/installed: setup.cfg pyproject.toml | .venv/bin/python
	@echo "installing the Python packages of the service and its tests into .venv"
	@$(install) '.[test]'
	@touch $@ .venv/runs

.venv/fuzz: .venv/installed
	@echo "installing the fuzzer into .venv"
	@$(install) '.[test,fuzz]'
	@touch $@

# What checks a release, what builds a wheel, and what a deployment has: apart, since each is exactly that.
.venv/release/installed: setup.cfg | .venv/bin/python
	@echo "installing the tools of a release into .venv/release"
	@$(PYTHON) -m venv .venv/release
	@.venv/release/bin/pip install --quiet --disable-pip-version-check --editable '.[release]'
	@touch $@

.venv/build/installed: config/build-requirements.txt | .venv/bin/python
	@$(PYTHON) -m venv .venv/build
	@.venv/build/bin/pip install --quiet --disable-pip-version-check --require-hashes -r config/build-requirements.txt
	@touch $@

.venv/deployment/installed: config/requirements.txt | .venv/bin/python
	@$(PYTHON) -m venv --without-pip .venv/deployment
	@.venv/bin/pip --python .venv/deployment/bin/python install --quiet --disable-pip-version-check --require-hashes -r config/requirements.txt
	@touch $@
