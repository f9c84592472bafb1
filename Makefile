# make demo         installs what is missing, builds, and makes masks of a short clip (or VIDEO=path)
# make run          installs what is missing, builds the desktop app, and starts it
# make test         installs what the tests need, runs all of them, and counts them in the last line
# make test-engines the same for the tests with Slurm, Snakemake and others
# make test-install makes all packages, installs each where nothing else is, and runs it there
# make install      installs command line and desktop app under PREFIX, with all that belongs to them
# make install-cli  installs the command line alone, which needs no GTK
# make wheel        packs the command line for pip, pipx and uv, into dist
# make deb          makes Debian packages of both, into dist
# make image        makes a container image of the command line, into dist
# make release      all of these from a clean clone, with checksums and release notes
# Also: build (the command line), desktop, format, lint, docs, translations, screenshots, bench,
# uninstall, clean.

PREFIX ?= /usr/local
DESTDIR ?=
VIDEO ?=
# Where make docs writes the man page, from the program's own help.
DOCS ?= docs/man
SWIFT ?= swift
# One build serves the programs, their tests and all packages. Into the command line C libraries are linked
# statically where this system can (scripts/link-static-libraries), so that one program runs everywhere. The
# app finds those that GTK loads anyway first.
STATIC := $(CURDIR)/.build/static
BUILD := $(SWIFT) build -c release --explicit-target-dependency-import-check error \
    --disable-local-rpath -Xlinker "-L$(STATIC)" $(SWIFT_FLAGS)
SWIFT_FLAGS ?=
PROGRAM := .build/release/8cut
# The name by which the desktop knows the app.
APP := io.github.eightcut.EightCut
SOURCES := Package.swift Sources Tests
# The reference's scripts, which the program runs.
SCRIPTS := tools/depth_masks.py tools/sam_masks.py tools/text_boxes.py

BIN := $(DESTDIR)$(PREFIX)/bin
SHARE := $(DESTDIR)$(PREFIX)/share/8cut
MAN := $(DESTDIR)$(PREFIX)/share/man/man1
BASH := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISH := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
DATA := $(DESTDIR)$(PREFIX)/share
# What goes into packages, installed as on a system.
STAGE := .build/packages/stage
LANGUAGES := $(patsubst po/%.po,%,$(wildcard po/*.po))

.PHONY: build desktop demo run test test-engines test-install install install-cli install-desktop uninstall
.PHONY: wheel deb image release stage-cli stage-desktop format lint docs translations screenshots bench clean
.PHONY: packages desktop-packages test-packages engine-packages packaging-packages

build: packages
	$(BUILD) --product 8cut

desktop: desktop-packages
	$(BUILD) --product 8cut
	$(BUILD) --product 8cut-desktop

demo: build
	scripts/demo $(PROGRAM) "$(VIDEO)"

run: desktop
	.build/release/8cut-desktop $(if $(VIDEO),"$(VIDEO)")

test: test-packages
	$(BUILD) --build-tests
	scripts/install-test-tools
	@scripts/run-tests

test-engines: engine-packages
	$(BUILD) --product 8cut
	scripts/install-engines
	@scripts/run-tests engines

test-install: wheel deb image
	@scripts/run-tests install

packages:
	@scripts/install-packages build
	@scripts/link-static-libraries $(STATIC)

desktop-packages: packages
	@scripts/install-packages desktop

test-packages: packages
	@scripts/install-packages test

engine-packages: packages
	@scripts/install-packages engines

packaging-packages: packages
	@scripts/install-packages packaging
	@scripts/install-packaging-tools

install: install-cli install-desktop

install-cli: packages
	$(BUILD) --product 8cut
	install -D -m 755 $(PROGRAM) "$(BIN)/8cut"
	install -d "$(SHARE)"
	install -m 644 $(SCRIPTS) "$(SHARE)"
	install -d "$(MAN)" "$(BASH)" "$(ZSH)" "$(FISH)"
	install -m 644 docs/man/8cut.1 "$(MAN)"
	$(PROGRAM) --generate-completion-script bash > "$(BASH)/8cut"
	sed -i '1{/^#!/d}' "$(BASH)/8cut"
	$(PROGRAM) --generate-completion-script zsh > "$(ZSH)/_8cut"
	$(PROGRAM) --generate-completion-script fish > "$(FISH)/8cut.fish"

install-desktop: desktop-packages
	$(BUILD) --product 8cut-desktop
	install -D -m 755 .build/release/8cut-desktop "$(BIN)/8cut-desktop"
	install -D -m 644 docs/man/8cut-desktop.1 "$(MAN)/8cut-desktop.1"
	install -D -m 644 data/$(APP).desktop "$(DATA)/applications/$(APP).desktop"
	install -D -m 644 data/$(APP).svg "$(DATA)/icons/hicolor/scalable/apps/$(APP).svg"
	install -D -m 644 data/$(APP)-symbolic.svg \
	    "$(DATA)/icons/hicolor/symbolic/apps/$(APP)-symbolic.svg"
	install -D -m 644 data/$(APP).metainfo.xml "$(DATA)/metainfo/$(APP).metainfo.xml"
	for language in $(LANGUAGES); do \
	    install -d "$(DATA)/locale/$$language/LC_MESSAGES"; \
	    msgfmt -o "$(DATA)/locale/$$language/LC_MESSAGES/8cut.mo" "po/$$language.po"; \
	done

stage-cli: packaging-packages
	rm -rf $(STAGE)/cli
	$(MAKE) --no-print-directory install-cli DESTDIR=$(STAGE)/cli PREFIX=/usr

stage-desktop: packaging-packages
	rm -rf $(STAGE)/desktop
	$(MAKE) --no-print-directory install-desktop DESTDIR=$(STAGE)/desktop PREFIX=/usr

wheel: stage-cli
	.build/packages/venv/bin/python scripts/make-package wheel

deb: stage-cli stage-desktop
	scripts/make-package deb

image: deb
	scripts/make-package image

release:
	scripts/make-package release

uninstall:
	rm -f "$(BIN)/8cut" "$(BIN)/8cut-desktop" "$(MAN)/8cut.1" "$(MAN)/8cut-desktop.1"
	rm -f "$(DATA)/applications/$(APP).desktop" "$(DATA)/metainfo/$(APP).metainfo.xml"
	rm -f "$(DATA)/icons/hicolor/scalable/apps/$(APP).svg"
	rm -f "$(DATA)/icons/hicolor/symbolic/apps/$(APP)-symbolic.svg"
	rm -f $(patsubst %,"$(DATA)/locale/%/LC_MESSAGES/8cut.mo",$(LANGUAGES))
	rm -f $(patsubst tools/%,"$(SHARE)/%",$(SCRIPTS))
	rm -f "$(BASH)/8cut" "$(ZSH)/_8cut" "$(FISH)/8cut.fish"

format:
	$(SWIFT) format --in-place --recursive $(SOURCES)

lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	scripts/check-imports
	scripts/check-text

docs: build
	$(BUILD) --product generate-manual
	.build/release/generate-manual $(PROGRAM) --section 1 --output-directory "$(DOCS)"

translations: desktop-packages
	scripts/make-translations

screenshots: test-packages desktop
	scripts/make-screenshots

bench: build
	Benchmarks/run

clean:
	rm -rf .build demo
