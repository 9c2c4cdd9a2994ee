# make demo, make test, make test-races, make bench, make quality, make install PREFIX=/usr/local, make format, make lint, make clean
#
# Debian packages that a target needs are installed where they are missing (apt-get, with sudo where you are not root).

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

BUILD_PACKAGES := ca-certificates g++ git libbrotli-dev libqrencode-dev libsqlite3-dev libssl-dev libvectorscan-dev libzstd-dev pkg-config zlib1g-dev
DEMO_PACKAGES := curl python3
BENCH_PACKAGES := bubblewrap curl fcgiwrap git libnginx-mod-stream nginx-light openssl python3 python3-venv wrk

# Always static: a build with the other setting in the same directory compiles everything anew.
RELEASE := $(SWIFT) build -c release --static-swift-stdlib
SOURCES := Package.swift Sources Tests examples Benchmarks/Package.swift Benchmarks/Sources
MANUALS := hoopx.1 hoopx-audit.1 hoopx-audit.5 hoopx-doctor.1 hoopx-login.1 hoopx-run.1 hoopx-sessions.1 hoopx.yaml.5 hoopx-sandbox.7

.PHONY: all demo test test-races test-everything bench quality release install uninstall completions format lint clean deps demo-deps bench-deps

all: release

demo: demo-deps release
	$(RELEASE) --product loopback-claude-api
	$(RELEASE) --product loopback-identity-provider
	examples/demo.sh .build/release

# Everything that must pass but the races, once; the last line is the total.
test: deps
	Tests/run.sh

# Hostile targets that change a call's subject under hoopx's hands, some 20,000 times each.
test-races: deps
	Tests/run.sh --races

test-everything: deps
	Tests/run.sh --everything

bench: bench-deps release
	$(RELEASE) --product loopback-identity-provider
	$(RELEASE) --product masking-speed
	$(SWIFT) build -c release --package-path Benchmarks
	$(MAKE) --no-print-directory install PREFIX=$(CURDIR)/Benchmarks/.build/installed DESTDIR=
	Benchmarks/run.sh

# What the standard detectors find of the labelled corpus: kept in the repository.
quality: deps
	$(RELEASE) --product masking-quality
	.build/release/masking-quality | tee Tests/masking-quality/quality.md

release: deps
	$(RELEASE) --product hoopx
	$(RELEASE) --product hoopx-launch
	$(RELEASE) --product hoopx-netns
	$(RELEASE) --product hoopx-selftest

# Builds only where nothing is built yet: `sudo make install` shall not compile as root what `make` compiled.
install: $(if $(wildcard .build/release/hoopx),,release)
	install -D -s -m 755 .build/release/hoopx $(DESTDIR)$(PREFIX)/bin/hoopx
	install -D -s -m 755 .build/release/hoopx-launch $(DESTDIR)$(PREFIX)/libexec/hoopx/hoopx-launch
	install -D -s -m 755 .build/release/hoopx-netns $(DESTDIR)$(PREFIX)/libexec/hoopx/hoopx-netns
	install -D -s -m 755 .build/release/hoopx-selftest $(DESTDIR)$(PREFIX)/libexec/hoopx/hoopx-selftest
	for page in $(MANUALS); do \
		install -D -m 644 man/$$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$$page || exit; \
	done
	install -D -m 644 completions/hoopx.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/hoopx
	install -D -m 644 completions/_hoopx $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_hoopx
	install -D -m 644 completions/hoopx.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/hoopx.fish

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/hoopx $(DESTDIR)$(PREFIX)/libexec/hoopx
	for page in $(MANUALS); do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$$page; done
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/hoopx
	rm -f $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_hoopx
	rm -f $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/hoopx.fish

# To be run, and its result committed, when a command or an option changes.
completions: release
	.build/release/hoopx --generate-completion-script bash > completions/hoopx.bash
	.build/release/hoopx --generate-completion-script zsh > completions/_hoopx
	.build/release/hoopx --generate-completion-script fish > completions/hoopx.fish

format:
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

clean:
	rm -rf .build Benchmarks/.build

# RUNLEVEL=1 keeps a freshly installed service (nginx) from being started.
define install_missing
	@missing=; for package in $(1); do \
		dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed || \
			missing="$$missing $$package"; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "not Debian: needed from your system:$$missing"; exit 0; fi; \
	if [ "$$(id -u)" -eq 0 ]; then sudo=; else sudo=sudo; fi; \
	echo "installing Debian packages:$$missing"; \
	$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
		apt-get install -qq -y --no-install-recommends $$missing
endef

deps:
	$(call install_missing,$(BUILD_PACKAGES))

demo-deps: deps
	$(call install_missing,$(DEMO_PACKAGES))

bench-deps: deps
	$(call install_missing,$(BENCH_PACKAGES))
