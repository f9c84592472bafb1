"""The container images: the command line on a small Debian, and the same with ONNX Runtime.

Made from packages alone, without a daemon and without another image.
"""

import pathlib
import shutil
import sys
import zipfile

from . import debian_root, project

NAME = "8cut"
# What no container uses: drivers of displays and of video chips, with their compiler, which ffmpeg's
# libraries bring, and what people read, but for licences.
LEFT_OUT = [
    "/usr/lib/*/dri/*", "/usr/lib/*/libLLVM*", "/usr/lib/*/libz3.so*", "/usr/lib/*/libgallium*",
    "/usr/lib/*/libmfxhw*", "/usr/lib/*/mfx/*",
    "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/doc/*", "/usr/share/icons/*",
    "/usr/share/info/*",
]
KEPT = ["/usr/share/doc/*/copyright"]
# The user in a container, without any rights.
USER = "1000:1000"
HOME = "/home/8cut"
RUNTIME = "onnxruntime==1.32.0"
RUNTIME_FOLDER = "/usr/lib/onnxruntime"


def make():
    """Makes both images as archives in DIST, and returns their paths."""
    root = project.PACKAGES / "image-root.tar"
    root.unlink(missing_ok=True)
    debian_root.make(root, ["8cut"], [
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in LEFT_OUT),
        *(f"--dpkgopt=path-include={pattern}" for pattern in KEPT),
        # Anybody who is given as user has to be able to write there.
        f"--customize-hook=mkdir -m 1777 \"$1{HOME}\"",
    ])
    with Builder() as builder:
        plain = builder.image("scratch", project.version(), {root: "/"}, {"HOME": HOME})
        library, folder = runtime()
        with_runtime = builder.image(
            plain, f"{project.version()}-onnxruntime", {folder: RUNTIME_FOLDER},
            {"EIGHTCUT_ONNXRUNTIME": f"{RUNTIME_FOLDER}/{library}"},
        )
        return [builder.save(image) for image in (plain, with_runtime)]


def runtime():
    """ONNX Runtime for the CPU from its wheel: the name of its library, and a folder with that."""
    folder = project.PACKAGES / "onnxruntime"
    shutil.rmtree(folder, ignore_errors=True)
    project.run(
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--only-binary=:all:", "--python-version", "3.11", "--dest", folder / "wheel", RUNTIME,
    )
    [wheel] = (folder / "wheel").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = {pathlib.PurePath(name).name: name for name in archive.namelist()}
        [library] = [name for name in names if name.startswith("libonnxruntime.so")]
        (folder / "files").mkdir()
        for name in [library, "LICENSE", "ThirdPartyNotices.txt"]:
            (folder / "files" / name).write_bytes(archive.read(names[name]))
    return library, folder / "files"


class Builder:
    """Makes images with buildah, which keeps them in a folder of its own."""

    def __init__(self, store=project.PACKAGES / "containers"):
        self.store = store

    def __enter__(self):
        self.remove()
        return self

    def __exit__(self, *reason):
        self.remove()

    def remove(self):
        """Removes all images. What is still mounted has to be unmounted before its folder goes."""
        if self.store.exists():
            self.run("rm", "--all")
            self.run("rmi", "--all", "--force")
        shutil.rmtree(self.store, ignore_errors=True)

    def run(self, *words):
        """Runs buildah without a daemon and without rights that containers lack."""
        return project.run(
            "buildah", "--root", self.store / "root", "--runroot", self.store / "run",
            *words,
        ).strip()

    def image(self, base, tag, content, environment):
        """Makes an image: a base, files or archives by their places in it, and variables."""
        container = self.run("from", "--pull-never", base)
        for source, place in content.items():
            self.run("add", container, source, place)
        variables = [word for pair in environment.items() for word in ("--env", "=".join(pair))]
        self.run(
            "config", "--user", USER, "--workingdir", HOME, "--entrypoint", '["8cut"]', "--cmd", "",
            "--env", "LANG=C.UTF-8", *variables,
            "--label", "org.opencontainers.image.title=8cut",
            "--label", f"org.opencontainers.image.version={project.version()}",
            "--label", f"org.opencontainers.image.revision={project.commit()}",
            "--label", "org.opencontainers.image.licenses=Apache-2.0",
            container,
        )
        name = f"localhost/{NAME}:{tag}"
        self.run("commit", "--quiet", "--timestamp", str(project.epoch()), container, name)
        self.run("rm", container)
        return name

    def save(self, image):
        """Writes an image as an archive that podman, Docker, Apptainer and skopeo read."""
        tag = image.rpartition(":")[2]
        path = project.DIST / f"{NAME}-{tag}-{project.machine()}.oci.tar"
        path.unlink(missing_ok=True)
        self.run("push", "--quiet", image, f"oci-archive:{path}:{NAME}:{tag}")
        return path
