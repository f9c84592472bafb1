"""The wheel: the command line for `uvx`, `pipx` and `pip`.

Its programs and data files are unpacked into the environment as they are; there is no Python in it.
"""

import shutil
import sys

from . import components, project, sbom

TEMPLATES = project.ROOT / "packaging" / "wheel"
# The oldest glibc that will do: that of Debian 12 or Ubuntu 22.04. auditwheel checks it.
GLIBC = "2_35"
# The folder below PREFIX, and the one in the wheel whose content goes there.
INSTALLED = {"bin": "scripts", "share": "data/share"}
# PyPI's usual limit is 100 MB; more than this means that something came along.
SIZE_LIMIT = 20_000_000


def make():
    """Packs what is installed in the stage, and returns the path of the wheel, in a list."""
    name = f"8cut-{project.version()}"
    folder = project.PACKAGES / "wheel" / name
    shutil.rmtree(folder, ignore_errors=True)
    linked = components.linked()
    copy_program(folder / f"{name}.data")
    write_metadata(folder / f"{name}.dist-info", linked)
    wheel = pack(folder)
    size = wheel.stat().st_size
    if size > SIZE_LIMIT:
        raise project.PackingError(f"{wheel.name} has {size} bytes, more than {SIZE_LIMIT}")
    return [wheel]


def copy_program(data):
    """Copies what was installed into the folder whose content pip puts into an environment."""
    for source, target in INSTALLED.items():
        shutil.copytree(project.CLI_STAGE / source, data / target)
    # Without its symbols it is half as large.
    project.run("strip", data / "scripts" / "8cut")


def write_metadata(folder, linked):
    """Writes what is known of the wheel: description, licences, bill of materials."""
    expression = " AND ".join(dict.fromkeys(component.licence for component in linked))
    write(folder / "METADATA", (TEMPLATES / "METADATA.in").read_text().format(
        version=project.version(),
        licence=expression,
        files="".join(f"License-File: {name}\n" for name in licence_files(linked)),
        description=(TEMPLATES / "description.md").read_text(),
    ))
    write(folder / "WHEEL", (
        "Wheel-Version: 1.0\n"
        f"Generator: 8cut ({project.version()})\n"
        "Root-Is-Purelib: false\n"
        f"Tag: {tag()}\n"
    ))
    for name, source in licence_files(linked).items():
        write(folder / "licenses" / name, source.read_text())
    write(folder / "sboms" / "8cut.spdx.json", sbom.text(linked))


def licence_files(linked):
    """The licence texts by their names in the wheel."""
    program, *others = linked
    files = {"LICENSE": program.texts[0]}
    for component in others:
        for text in component.texts:
            files[f"{component.name}/{text.name}"] = text
    return files


def write(path, text):
    """Writes a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def pack(folder):
    """Packs the folder into DIST."""
    project.DIST.mkdir(exist_ok=True)
    project.run(
        sys.executable, "-m", "wheel", "pack", folder, "--dest-dir", project.DIST,
        env=project.dated_environment(),
    )
    return project.DIST / f"{folder.name}-{tag()}.whl"


def tag():
    """What the wheel runs on: any Python 3, this architecture, this glibc or a newer one."""
    return f"py3-none-manylinux_{GLIBC}_{project.machine()}"
