"""Root file systems of Debian with our packages in them, made by mmdebstrap."""

import shutil

from . import project

SUITE = "bookworm"
HOOKS = project.ROOT / "packaging" / "debian-root"
# Merges /usr at once: the package that does it later brings 50 MB of Perl.
MERGED = ["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", "--include=usr-is-merged"]


def make(target, include, options=(), suite=SUITE, archive=None):
    """Makes a root file system with some packages: a folder, or a file if the name ends in .tar.

    Our own packages are those in DIST. All others come from Debian's archive, or that of another
    system.
    """
    project.APT_CACHE.mkdir(parents=True, exist_ok=True)
    project.run(
        "mmdebstrap", "--variant=minbase", "--mode=root", "--quiet",
        *(MERGED if suite == SUITE else []), f"--hook-dir={HOOKS}",
        # Ubuntu has ffmpeg in universe.
        *(["--components=main,universe"] if archive else []),
        f"--include={','.join(include)}", "--aptopt=APT::Install-Recommends false",
        # What is downloaded stays until a hook has kept it.
        "--skip=download/empty", "--skip=essential/unlink", "--skip=cleanup/apt/cache",
        *options, suite, target, *([archive] if archive else []),
        env=project.dated_environment() | {
            "EIGHTCUT_APT_CACHE": str(project.APT_CACHE),
            "EIGHTCUT_REPOSITORY": str(local_repository()),
        },
    )


def local_repository():
    """A folder with our packages as apt reads it."""
    folder = project.PACKAGES / "repository"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for package in project.DIST.glob(f"*_{project.version()}_*.deb"):
        shutil.copy(package, folder)
    (folder / "Packages").write_text(project.run("dpkg-scanpackages", ".", cwd=folder))
    return folder
