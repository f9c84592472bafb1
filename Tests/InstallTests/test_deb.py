"""The Debian packages: in fresh systems made by mmdebstrap, used there by a user without rights, removed."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

from install import InstallTest, debian_root, package, project

USER = "nobody"
# Where Ubuntu's packages are, and the keys that sign them; what is not there is skipped.
UBUNTU = "http://archive.ubuntu.com/ubuntu"
KEYRING = pathlib.Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")


def deb(name):
    return package(f"{name}_{project.version()}_*.deb")


def packages():
    return [deb("8cut"), deb("8cut-desktop")]


class ContentTests(InstallTest):
    def test_lintian_finds_no_error(self):
        report = self.run_program(
            "lintian", "--fail-on", "error", "--allow-root", *packages(), environment=os.environ
        )
        self.assertNotIn("E: ", report)

    def test_what_they_depend_on_is_declared(self):
        fields = project.run("dpkg-deb", "--field", deb("8cut"), "Depends")
        for name in ("ffmpeg", "curl", "libc6 (>= 2.3"):
            self.assertIn(name, fields)
        # Linked statically, so that the package also suits other versions of the system.
        for name in ("libssl", "libpng", "libsqlite3", "swift"):
            self.assertNotIn(name, fields)
        fields = project.run("dpkg-deb", "--field", deb("8cut-desktop"), "Depends")
        for name in (f"8cut (= {project.version()})", "libadwaita-1-0", "libmpv"):
            self.assertIn(name, fields)

    def test_no_script_runs_when_they_are_installed(self):
        for path in packages():
            folder = self.folder / path.stem
            subprocess.run(["dpkg-deb", "--control", path, folder], check=True)
            names = {file.name for file in folder.iterdir()}
            self.assertIn("control", names)
            self.assertFalse({"postinst", "preinst", "prerm", "postrm", "triggers"} & names, path)

    def test_the_licence_of_everything_linked_is_in_them(self):
        for path in packages():
            folder = self.folder / path.stem
            subprocess.run(["dpkg-deb", "--extract", path, folder], check=True)
            name = path.name.partition("_")[0]
            text = (folder / "usr/share/doc" / name / "copyright").read_text()
            expected = ["ICU", "Runtime Library Exception", "Gwendal Rou"]
            # The app shares C libraries with GTK.
            expected += ["PNG Reference Library", "OpenSSL"] if name == "8cut" else []
            for words in expected:
                self.assertIn(words, text, path)


class System:
    """A fresh system in which packages of ours are installed."""

    def __init__(self, suite, archive, names):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="8cut-system-"))
        self.folder.chmod(0o755)
        debian_root.make(self.folder, names, suite=suite, archive=archive)

    def remove(self):
        shutil.rmtree(self.folder)

    def run(self, *words, user=None):
        """Runs a program inside, with /proc, and without the variables of this process."""
        return subprocess.run(
            [
                "unshare", "--mount", "--pid", "--fork", f"--mount-proc={self.folder}/proc",
                "chroot", *(["--userspec", user] if user else []), self.folder, *words,
            ],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=300,
        )


class SystemTest(InstallTest):
    """What holds on a system. Its tests share one; the last of them removes the packages."""

    suite, archive, names = debian_root.SUITE, None, ["8cut"]

    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise unittest.SkipTest("only root makes systems")
        if cls.archive and (reason := unusable(cls.archive, cls.suite)):
            raise unittest.SkipTest(reason)
        cls.system = System(cls.suite, cls.archive, cls.names)
        cls.addClassCleanup(cls.system.remove)

    def inside(self, *words, user=USER):
        result = self.system.run(*words, user=user)
        self.assertEqual(0, result.returncode, f"{words}\n{result.stdout}")
        return result.stdout

    def check_masks_of_a_user_without_rights(self):
        folder = self.system.folder / "tmp" / "clips"
        folder.mkdir()
        folder.chmod(0o777)
        shutil.copy(self.clip, folder)
        self.inside("8cut", "masks", "saliency", "--input", "/tmp/clips/clip.mkv", "--quiet")
        self.check_masks(folder / "clip_masks")
        self.inside("8cut", "doctor")

    def check_that_nothing_is_left_after_removal(self):
        self.inside("dpkg", "--purge", *reversed(self.names), user=None)
        left = [
            str(path) for path in (self.system.folder / "usr").rglob("*")
            if "8cut" in path.name or "eightcut" in path.name.lower()
        ]
        self.assertEqual([], left)


def unusable(archive, suite):
    """Why an archive of packages cannot be reached or trusted, or nothing."""
    if not KEYRING.exists():
        return f"{KEYRING} is not there: install ubuntu-keyring"
    try:
        urllib.request.urlopen(f"{archive}/dists/{suite}/Release", timeout=10).close()
    except OSError as error:
        return f"{archive} cannot be reached: {error}"
    return ""


class DebianTests(SystemTest):
    """Debian 12, with the app."""

    names = ["8cut", "8cut-desktop"]

    def test_1_it_makes_masks_for_a_user_without_rights(self):
        self.check_masks_of_a_user_without_rights()

    def test_2_app_manual_and_completions_are_there(self):
        self.assertIn(project.version(), self.inside("8cut-desktop", "--version"))
        for path in (
            "usr/share/man/man1/8cut.1.gz", "usr/share/man/man1/8cut-desktop.1.gz",
            "usr/share/bash-completion/completions/8cut", "usr/share/zsh/vendor-completions/_8cut",
            "usr/share/fish/vendor_completions.d/8cut.fish",
            "usr/share/applications/io.github.eightcut.EightCut.desktop",
            "usr/share/locale/de/LC_MESSAGES/8cut.mo",
        ):
            self.assertTrue((self.system.folder / path).is_file(), path)

    def test_3_removed_they_leave_nothing(self):
        self.check_that_nothing_is_left_after_removal()


class UbuntuTest(SystemTest):
    """Ubuntu, whose newest libraries for the app differ from Debian's: the command line only."""

    archive = UBUNTU

    def test_1_it_makes_masks_for_a_user_without_rights(self):
        self.check_masks_of_a_user_without_rights()

    def test_2_removed_it_leaves_nothing(self):
        self.check_that_nothing_is_left_after_removal()


class JammyTests(UbuntuTest):
    """Ubuntu 22.04."""

    suite = "jammy"


class NobleTests(UbuntuTest):
    """Ubuntu 24.04."""

    suite = "noble"


# What the others have in common is no test of its own.
del SystemTest, UbuntuTest
