#!/bin/sh
# Keeps what was downloaded for the next root, and leaves nothing of it in this one.
set -eu
cp -a "$1/var/cache/apt/archives/." "$EIGHTCUT_APT_CACHE"
rm -rf "$1/var/cache/apt/archives" "$1/etc/apt/sources.list.d/8cut.list"
