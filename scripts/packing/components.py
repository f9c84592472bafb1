"""What is linked into the programs: names, versions, licences and their texts.

The versions are those that were linked: packages as Swift resolved them, C libraries as their headers
on this machine say, Swift as its compiler does.
"""

import dataclasses
import glob
import json
import pathlib
import re
import shutil

from . import project


@dataclasses.dataclass(frozen=True)
class Component:
    """Something that is linked in."""

    name: str
    version: str
    # An SPDX expression.
    licence: str
    # Its licence as text, one file or more.
    texts: tuple
    # Where it comes from.
    address: str
    # A package URL, by which scanners for vulnerabilities know it.
    identifier: str


# Licences of the Swift packages. A package that is not named here fails the build of packages.
PACKAGES = {
    "grdb.swift": "MIT",
    "swift-argument-parser": "Apache-2.0 WITH Swift-exception",
    "swift-subprocess": "Apache-2.0",
    "swift-system": "Apache-2.0 WITH Swift-exception",
}
# C libraries: module of pkg-config, name, package of Debian, licence, address. The name is the one by
# which databases of vulnerabilities know them.
LIBRARIES = [
    ("libpng", "libpng", "libpng-dev", "libpng-2.0", "http://www.libpng.org/pub/png/libpng.html"),
    ("zlib", "zlib", "zlib1g-dev", "Zlib", "https://zlib.net"),
    ("sqlite3", "sqlite3", "libsqlite3-dev", "blessing", "https://sqlite.org"),
    ("libcrypto", "openssl", "libssl-dev", "Apache-2.0", "https://www.openssl.org"),
]


def linked():
    """All components, the program itself first."""
    return [program(), *swift(), *packages(), *libraries()]


def program():
    """8cut itself."""
    return Component(
        "8cut", project.version(), "Apache-2.0", (project.ROOT / "LICENSE",), "NOASSERTION",
        f"pkg:pypi/8cut@{project.version()}",
    )


def packages():
    """The Swift packages, as they were resolved."""
    pins = json.loads((project.ROOT / "Package.resolved").read_text())["pins"]
    return [package(pin) for pin in sorted(pins, key=lambda pin: pin["identity"])]


def package(pin):
    """A Swift package with a pin of Package.resolved."""
    name, version = pin["identity"], pin["state"]["version"]
    checkout = project.BUILD / "checkouts" / pathlib.Path(pin["location"]).name.removesuffix(".git")
    place = pin["location"].removeprefix("https://").removesuffix(".git")
    return Component(
        name, version, PACKAGES[name], found(checkout / "LICENSE*"), pin["location"],
        f"pkg:swift/{place}@{version}",
    )


def swift():
    """Swift's own libraries, and of ICU, which is a part of them, the code."""
    version = re.search(r"Swift version (\S+)", project.run("swift", "--version"))[1]
    root = pathlib.Path(shutil.which("swift")).resolve().parents[1]
    return [
        Component(
            "swift", version, "Apache-2.0 WITH Swift-exception",
            found(root / "share" / "swift" / "LICENSE.txt"), "https://www.swift.org",
            f"pkg:github/swiftlang/swift@swift-{version}-RELEASE",
        ),
        Component(
            "icu", f"swift-{version}", "Unicode-3.0", found("/usr/share/doc/libicu-dev/copyright"),
            "https://github.com/swiftlang/swift-foundation-icu",
            f"pkg:github/swiftlang/swift-foundation-icu@swift-{version}-RELEASE",
        ),
    ]


def libraries():
    """The C libraries, as they are installed on this machine."""
    return [
        Component(
            name, project.run("pkg-config", "--modversion", module).strip(), licence,
            found(f"/usr/share/doc/{package}/copyright"), address, debian_url(package),
        )
        for module, name, package, licence, address in LIBRARIES
    ]


def debian_url(package):
    """The package URL of an installed Debian package, whose version tells the patches."""
    version = project.run("dpkg-query", "--show", "--showformat", "${Version}", package)
    return f"pkg:deb/debian/{package}@{version}"


def found(pattern):
    """The files that a pattern names; there has to be one."""
    files = tuple(pathlib.Path(name) for name in sorted(glob.glob(str(pattern))))
    if not files:
        raise project.PackingError(f"The text of a licence is not there: {pattern}")
    return files
