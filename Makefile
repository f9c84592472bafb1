# make demo     installs what is missing, builds, and makes masks of a short clip (or VIDEO=path)
# make test     installs what the tests need and runs all of them
# make install  installs the program under PREFIX, with man page and shell completions
# Also: build, format, lint, docs, bench, uninstall, clean.

PREFIX ?= /usr/local
DESTDIR ?=
VIDEO ?=
SWIFT ?= swift
PROGRAM := .build/release/8cut
# Swift's own libraries are linked statically, so that the program runs where no toolchain is.
STATIC := --scratch-path .build-install -c release --static-swift-stdlib --product 8cut
SOURCES := Package.swift Sources Tests
# The reference's scripts, which the program runs.
SCRIPTS := tools/depth_masks.py tools/sam_masks.py
# Tests that run at a time: each starts programs, and some look at the clock.
WIDTH := 6

BIN := $(DESTDIR)$(PREFIX)/bin
SHARE := $(DESTDIR)$(PREFIX)/share/8cut
MAN := $(DESTDIR)$(PREFIX)/share/man/man1
BASH := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISH := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

.PHONY: build demo test install uninstall format lint docs bench clean packages test-packages

build: packages
	$(SWIFT) build -c release

demo: build
	scripts/demo $(PROGRAM) "$(VIDEO)"

test: test-packages
	$(SWIFT) build -c release --build-tests
	scripts/install-test-tools
	scripts/run-tests $(WIDTH)
	scripts/check-docs
	scripts/check-install

packages:
	@scripts/install-packages build

test-packages:
	@scripts/install-packages test

install: packages
	$(SWIFT) build $(STATIC)
	install -D -m 755 .build-install/release/8cut "$(BIN)/8cut"
	install -d "$(SHARE)"
	install -m 644 $(SCRIPTS) "$(SHARE)"
	install -d "$(MAN)" "$(BASH)" "$(ZSH)" "$(FISH)"
	install -m 644 docs/man/*.1 "$(MAN)"
	.build-install/release/8cut --generate-completion-script bash > "$(BASH)/8cut"
	.build-install/release/8cut --generate-completion-script zsh > "$(ZSH)/_8cut"
	.build-install/release/8cut --generate-completion-script fish > "$(FISH)/8cut.fish"

uninstall:
	rm -f "$(BIN)/8cut" "$(MAN)/8cut.1"
	rm -f $(patsubst tools/%,"$(SHARE)/%",$(SCRIPTS))
	rm -f "$(BASH)/8cut" "$(ZSH)/_8cut" "$(FISH)/8cut.fish"

format:
	$(SWIFT) format --in-place --recursive $(SOURCES)

lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)

docs: build
	scripts/make-docs docs/man

bench: build
	Benchmarks/run

clean:
	rm -rf .build .build-install demo
