"""The project: its version, the time of its commit, and where its files are."""

import os
import pathlib
import platform
import re
import shlex
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What was built; what was installed for packages by the Makefile; what is given to users.
BUILD = ROOT / ".build"
PACKAGES = BUILD / "packages"
CLI_STAGE = PACKAGES / "stage" / "cli" / "usr"
DESKTOP_STAGE = PACKAGES / "stage" / "desktop" / "usr"
DIST = ROOT / "dist"
# Packages of Debian that were downloaded: what one system needs serves the next.
APT_CACHE = PACKAGES / "apt-cache"
# Whether README.md installs what `make` has put into DIST: until it is published. Then a test says how the
# commands are.
IS_FROM_DIST = True
# The one place of the version.
VERSION_FILE = ROOT / "Sources" / "Base" / "Diagnostics" / "Version.swift"
CHANGELOG = ROOT / "CHANGELOG.md"


class PackingError(Exception):
    """Why a package cannot be made."""


def version():
    """The version, such as 0.1.0, which the program prints too."""
    return re.search(r'programVersion = "([^"]+)"', VERSION_FILE.read_text())[1]


def epoch():
    """SOURCE_DATE_EPOCH, or the time of the last commit: the same for everybody who builds it."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given) if given else int(git("log", "-1", "--format=%ct"))


def dated_environment():
    """The variables of this process, and the time of the commit for all that writes times."""
    return os.environ | {"SOURCE_DATE_EPOCH": str(epoch())}


def commit():
    """The commit that is built."""
    return git("rev-parse", "HEAD")


def git(*words):
    """What git prints."""
    return run("git", "-C", ROOT, *words).strip()


def run(*words, **options):
    """Runs a program, which must succeed, and returns its output. Messages are shown if it fails."""
    command = [str(word) for word in words]
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        raise PackingError(
            f"{shlex.join(command)} ended with status {result.returncode}:\n"
            f"{result.stdout[-2000:]}{result.stderr[-4000:]}"
        )
    return result.stdout


def machine():
    """The machine's architecture as wheels have it: x86_64, aarch64."""
    return platform.machine()


def install_commands():
    """The commands of README.md that install 8cut: one for each kind of package."""
    if IS_FROM_DIST:
        return [
            "pipx install dist/8cut-*.whl",
            "sudo apt install ./dist/8cut*.deb",
            f"podman load --input dist/8cut-{version()}-x86_64.oci.tar",
        ]
    return [
        "pipx install 8cut",
        "sudo apt install ./8cut*.deb",
        "podman pull ghcr.io/eightcut/8cut",
    ]


def release_notes():
    """The changes of this version, from the changelog, without the heading."""
    sections = re.split(r"^## ", CHANGELOG.read_text(), flags=re.MULTILINE)[1:]
    for section in sections:
        heading, _, text = section.partition("\n")
        if heading.split()[0] == version():
            return text.strip() + "\n"
    raise PackingError(f"{CHANGELOG.name} has no section for {version()}")
