"""A release: all packages, made twice in two clean clones and compared, with checksums and notes."""

import hashlib
import pathlib
import shutil

from . import project

FOLDER = project.PACKAGES / "release"
# Of the same length: the compiler writes the length of a source's path where a closure must not escape. The
# last part is the same: it is the name of the package to Swift, which is in the names of what modules share.
CLONES = ["first/8cut", "other/8cut"]
TARGETS = ["wheel", "deb", "image"]


def make():
    """Makes everything into DIST, and returns the paths of the files. Says which packages differ between the
    two clones: the compiler orders the code of a file differently now and then."""
    if project.git("status", "--porcelain"):
        raise project.PackingError("There are changes that are not committed: a release is made of a commit.")
    shutil.rmtree(FOLDER, ignore_errors=True)
    first, second = [build(FOLDER / name) for name in CLONES]
    shutil.rmtree(project.DIST, ignore_errors=True)
    shutil.copytree(first, project.DIST)
    make_source_archive()
    (project.DIST / "RELEASE_NOTES.md").write_text(project.release_notes())
    write_checksums()
    differing = [
        path.name for path in sorted(first.iterdir())
        if checksum(path) != checksum(pathlib.Path(second, path.name))
    ]
    if differing:
        print(f"These differ between two clean clones: {', '.join(differing)}")
    else:
        print("Two clean clones gave the same packages.")
    return sorted(project.DIST.iterdir())


def build(folder):
    """Clones the last commit, makes the packages there, and returns their folder."""
    project.run("git", "clone", "--quiet", "--no-local", project.ROOT, folder)
    project.run("git", "-C", folder, "checkout", "--quiet", project.commit())
    # What was downloaded once is the same for both.
    if project.APT_CACHE.exists():
        shutil.copytree(project.APT_CACHE, folder / project.APT_CACHE.relative_to(project.ROOT))
    # Paths of this machine stay out of the programs, with all that follows from them: what the compiler
    # knows files by, the names of files in messages, and the debugging information, which the linker's
    # build ID covers and no package has.
    flags = (
        f"-Xswiftc -file-prefix-map -Xswiftc {folder}=. -Xcc -ffile-prefix-map={folder}=."
        " -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen"
        " -Xswiftc -Xfrontend -Xswiftc -enable-experimental-concise-pound-file"
        " -Xlinker --strip-debug"
    )
    print(f"making {', '.join(TARGETS)} in {folder.relative_to(project.ROOT)}", flush=True)
    project.run(
        "make", "--no-print-directory", *TARGETS, f"SWIFT_FLAGS={flags}", cwd=folder,
        env=project.dated_environment(),
    )
    return folder / "dist"


def make_source_archive():
    """Packs the sources of the commit."""
    name = f"8cut-{project.version()}"
    project.run(
        "git", "-C", project.ROOT, "archive", "--format=tar.gz", f"--prefix={name}/",
        f"--output={project.DIST / name}.tar.gz", "HEAD",
    )


def write_checksums():
    """Writes SHA256SUMS, which `sha256sum --check` reads."""
    files = sorted(path for path in project.DIST.iterdir() if path.name != "SHA256SUMS")
    (project.DIST / "SHA256SUMS").write_text(
        "".join(f"{checksum(path)}  {path.name}\n" for path in files)
    )


def checksum(path):
    """The SHA-256 of a file in hexadecimal, or nothing where there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
