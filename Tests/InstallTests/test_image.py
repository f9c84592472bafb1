"""The container images: their sizes and settings, and masks of a clip made in a container."""

import gzip
import json
import os
import shutil
import tarfile
import unittest

from install import FIXTURES, InstallTest, package, project
from packing import image

COMPRESSED_LIMIT, UNPACKED_LIMIT = 200_000_000, 450_000_000
PLAIN, WITH_RUNTIME = "", "-onnxruntime"


def archive(variant=PLAIN):
    return package(f"8cut-{project.version()}{variant}-{project.machine()}.oci.tar")


class ContentTests(InstallTest):
    def test_the_sizes_are_below_their_limits(self):
        for variant in (PLAIN, WITH_RUNTIME):
            self.assertLessEqual(archive(variant).stat().st_size, COMPRESSED_LIMIT)
        unpacked = 0
        with tarfile.open(archive()) as images:
            for member in images:
                file = images.extractfile(member) if member.isfile() else None
                if file and file.read(2) == b"\x1f\x8b":
                    file.seek(0)
                    with gzip.open(file) as layer:
                        unpacked += sum(len(part) for part in iter(lambda: layer.read(1 << 20), b""))
        self.assertLessEqual(unpacked, UNPACKED_LIMIT)


@unittest.skipIf(os.geteuid() != 0, "only root runs containers here")
class ContainerTests(InstallTest):
    """What holds in containers."""

    def run_container(self, variant, *words):
        """Runs the image's entry point with words, in a folder that is mounted, as the image's user."""
        with image.Builder(self.folder / "containers") as builder:
            name = builder.run("pull", "--quiet", f"oci-archive:{archive(variant)}")
            container = builder.run("from", "--pull-never", name)
            settings = json.loads(builder.run("inspect", container))["OCIv1"]["config"]
            self.assertEqual(["8cut"], settings["Entrypoint"])
            self.assertEqual(image.USER, settings["User"])
            shared = self.folder / "data"
            shared.mkdir(exist_ok=True)
            shared.chmod(0o777)
            shutil.copy(self.clip, shared)
            shutil.copytree(FIXTURES / "depth/tiny", shared / "model", dirs_exist_ok=True)
            return builder.run(
                "run", "--isolation", "chroot", "--volume", f"{shared}:/data", container,
                "--", *settings["Entrypoint"], *words,
            )

    def test_it_makes_masks_as_a_user_without_rights(self):
        self.run_container(PLAIN, "masks", "saliency", "--input", "/data/clip.mkv", "--quiet")
        self.check_masks(self.folder / "data/clip_masks")
        self.assertNotEqual(0, (self.folder / "data/clip_masks").stat().st_uid)

    def test_with_the_runtime_it_runs_a_network(self):
        self.run_container(
            WITH_RUNTIME, "masks", "depth", "--input", "/data/clip.mkv", "--model", "/data/model",
            "--quiet",
        )
        self.check_masks(self.folder / "data/clip_masks")
