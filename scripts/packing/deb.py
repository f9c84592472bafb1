"""The Debian packages: `8cut`, the command line, and `8cut-desktop`, the app."""

import email.utils
import pathlib
import shutil

from . import components, project

SOURCES = project.ROOT / "packaging" / "debian"
# What stands for the text of the Apache licence, of which every system has a copy.
APACHE = " On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0.\n"
MAINTAINER = "The 8-cut authors <eightcut@users.noreply.github.com>"


def make():
    """Makes the packages of what is installed in the stage, and returns their paths."""
    name = f"8cut-{project.version()}"
    folder = project.PACKAGES / "deb" / name
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(SOURCES, folder / "debian")
    for stage in (project.CLI_STAGE, project.DESKTOP_STAGE):
        shutil.copytree(stage, folder / "installed" / "usr", dirs_exist_ok=True)
    (folder / "debian" / "changelog").write_text(changelog())
    linked = components.linked()
    # GTK loads C libraries anyway: the app shares them.
    libraries = {name for _, name, *_ in components.LIBRARIES}
    in_app = [component for component in linked if component.name not in libraries]
    for package, parts in {"8cut": linked, "8cut-desktop": in_app}.items():
        (folder / "debian" / f"{package}.copyright").write_text(copyright_file(parts))
    project.run(
        "dpkg-buildpackage", "--build=binary", "--no-check-builddeps", "--no-sign",
        cwd=folder, env=project.dated_environment(),
    )
    project.DIST.mkdir(exist_ok=True)
    return [
        pathlib.Path(shutil.copy(package, project.DIST))
        for package in sorted(folder.parent.glob("*.deb"))
    ]


def changelog():
    """Debian's changelog: this version, whose changes are in CHANGELOG.md."""
    date = email.utils.formatdate(project.epoch())
    return (
        f"8cut ({project.version()}) unstable; urgency=medium\n\n"
        f"  * Version {project.version()}.\n\n"
        f" -- {MAINTAINER}  {date}\n"
    )


def copyright_file(linked):
    """Debian's copyright file, with the licence of everything that is linked in."""
    program, *others = linked
    paragraphs = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: 8-cut\n"
        f"Comment: Linked in statically: {', '.join(other.name for other in others)}.\n",
        f"Files: *\nCopyright: The 8-cut authors\nLicense: {program.licence}\n{APACHE}",
    ]
    for component in others:
        paragraphs.append(
            f"Files: linked/{component.name}/*\n"
            "Copyright: as in the licence below\n"
            f"License: {component.name}\n"
            f"Comment: version {component.version}, {component.licence}\n"
        )
    paragraphs += [f"License: {other.name}\n{licence_text(other)}" for other in others]
    return "\n".join(paragraphs)


def licence_text(component):
    """The text of a licence, without what every Debian system has."""
    texts = "\n".join(text.read_text() for text in component.texts)
    if not texts.lstrip().startswith("Apache License"):
        return indented(texts)
    _, exception, rest = texts.partition("Runtime Library Exception")
    return APACHE + (" .\n" + indented(exception + rest) if exception else "")


def indented(text):
    """A text as a value of several lines: a space before each, a dot for an empty one."""
    return "".join(f" {line.rstrip() or '.'}\n" for line in text.splitlines())
