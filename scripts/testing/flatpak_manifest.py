"""Checks a Flatpak's manifest, as flatpak-builder shows it. Run by scripts/check-flatpak."""

import json
import pathlib
import sys

# What a Flatpak of ours may ask for. A portal gives it the files that a person chooses.
ALLOWED = {
    "--device=dri", "--env=TMPDIR=/var/tmp", "--filesystem=xdg-videos", "--share=ipc",
    "--share=network", "--socket=fallback-x11", "--socket=pulseaudio", "--socket=wayland",
}


def sources(modules):
    """The sources of all modules, as pairs of the module's name and the source."""
    for module in modules:
        for source in module.get("sources", []):
            yield module["name"], source
        yield from sources(module.get("modules", []))


def faults(manifest):
    """What is wrong with a manifest."""
    for argument in set(manifest["finish-args"]) - ALLOWED:
        yield f"the sandbox is opened by {argument}"
    for name, source in sources(manifest["modules"]):
        kind, url = source["type"], source.get("url", "")
        is_swift = source.get("dest", "").startswith("swift-packages/")
        if url and not url.startswith("https://"):
            yield f"{name}: {url} is not encrypted"
        if kind == "archive" and len(source.get("sha256", "")) != 64:
            yield f"{name}: {url} has no hash"
        # The commits of Swift packages may come later: scripts/make-flatpak-sources --commits.
        if kind == "git" and not is_swift and len(source.get("commit", "")) != 40:
            yield f"{name}: {url} has no commit"
        if kind == "git" and is_swift and not source.get("tag"):
            yield f"{name}: {url} has no tag"
        if kind not in ("archive", "git", "dir"):
            yield f"{name}: a source of type {kind} was not expected"


def main(path):
    found = list(faults(json.loads(pathlib.Path(path).read_text())))
    for fault in found:
        print(f"the Flatpak's manifest: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
