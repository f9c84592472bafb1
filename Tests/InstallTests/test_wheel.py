"""The wheel: into empty environments by pip, pipx and uv, used there, and removed."""

import json
import pathlib
import subprocess
import zipfile

from install import (
    FFMPEG, FIXTURES, TOOLS, InstallTest, environment_of_pip, files_below, linked_libraries, package,
    project, python, wheel,
)

# The libraries that every Linux has; whatever else is needed would have to be grafted.
SYSTEM_LIBRARIES = {
    "libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
}


def wheel_file():
    return package(f"8cut-{project.version()}-py3-none-manylinux_{wheel.GLIBC}_*.whl")


def read(name):
    """A file of the wheel's metadata."""
    with zipfile.ZipFile(wheel_file()) as archive:
        return archive.read(f"8cut-{project.version()}.dist-info/{name}").decode()


class ContentTests(InstallTest):
    def test_auditwheel_grafts_nothing(self):
        report = self.run_program(TOOLS / "auditwheel", "show", wheel_file())
        words = " ".join(report.split())
        self.assertIn(f'platform tag: "manylinux_{wheel.GLIBC}_{project.machine()}"', words)
        self.assertNotIn("grafted", words)

    def test_twine_accepts_it(self):
        self.assertIn("PASSED", self.run_program(TOOLS / "twine", "check", "--strict", wheel_file()))

    def test_it_needs_no_library_of_its_own(self):
        with zipfile.ZipFile(wheel_file()) as archive:
            program = pathlib.Path(archive.extract(
                f"8cut-{project.version()}.data/scripts/8cut", self.folder
            ))
        self.assertLessEqual(linked_libraries(program), SYSTEM_LIBRARIES)

    def test_its_size_is_below_the_limit(self):
        self.assertLessEqual(wheel_file().stat().st_size, wheel.SIZE_LIMIT)

    def test_the_bill_of_materials_is_valid_and_names_the_linked_versions(self):
        path = self.folder / "bill.spdx.json"
        path.write_text(read("sboms/8cut.spdx.json"))
        self.run_program(TOOLS / "pyspdxtools", "--infile", path)
        versions = {
            entry["name"]: entry["versionInfo"] for entry in json.loads(path.read_text())["packages"]
        }
        for name, module in {"openssl": "libcrypto", "libpng": "libpng", "sqlite3": "sqlite3"}.items():
            expected = project.run("pkg-config", "--modversion", module).strip()
            self.assertEqual(expected, versions[name], name)
        for name in ("swift", "icu", "grdb.swift", "swift-argument-parser", "swift-subprocess"):
            self.assertIn(name, versions)

    def test_everything_linked_has_its_licence(self):
        names = [entry["name"] for entry in json.loads(read("sboms/8cut.spdx.json"))["packages"]]
        files = [
            line.partition(": ")[2] for line in read("METADATA").splitlines()
            if line.startswith("License-File")
        ]
        for name in names:
            own = [file for file in files if file.startswith(f"{name}/")] or ["LICENSE"]
            self.assertEqual(name == "8cut", own == ["LICENSE"], name)
            for file in own:
                self.assertGreater(len(read(f"licenses/{file}")), 300, file)


class InstallationTests(InstallTest):
    def install(self, extra=""):
        """Installs the wheel into an empty environment and returns the environment's folder."""
        prefix = self.folder / "env"
        subprocess.run(
            [
                python(prefix), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                *([] if extra else ["--no-index"]), f"8cut{extra} @ {wheel_file().as_uri()}",
            ],
            check=True, env=environment_of_pip(),
        )
        return prefix

    def test_it_makes_masks_in_an_empty_environment_and_leaves_without_a_trace(self):
        prefix = self.folder / "env"
        python(prefix)
        before = files_below(prefix)
        self.install()
        program = prefix / "bin" / "8cut"
        self.assertEqual(project.version(), self.run_program(program, "--version").strip())
        self.run_program(
            program, "masks", "saliency", "--input", self.clip, "--quiet",
            environment={"EIGHTCUT_FFMPEG": str(FFMPEG), "EIGHTCUT_HOME": str(self.folder / "home")},
        )
        self.check_masks(self.folder / "clip_masks")
        self.assertTrue((prefix / "share/man/man1/8cut.1").is_file())
        subprocess.run(
            [prefix / "bin/python", "-m", "pip", "uninstall", "--yes", "--quiet", "8cut"], check=True
        )
        left = {path for path in files_below(prefix) - before if "__pycache__" not in path.parts}
        # pip leaves folders that were empty before.
        self.assertEqual([], sorted(str(path) for path in left if (prefix / path).is_file()))

    def test_the_extra_brings_a_runtime_that_is_found(self):
        prefix = self.install("[cpu]")
        environment = {
            "PATH": f"{FFMPEG}:/usr/bin:/bin", "EIGHTCUT_HOME": str(self.folder / "home"),
            "HF_HOME": str(self.folder / "hub"),
        }
        program = prefix / "bin" / "8cut"
        status = json.loads(self.run_program(
            program, "tools", "status", "--json", environment=environment
        ))
        self.assertIn(str(prefix), json.dumps(status))
        self.run_program(
            program, "masks", "depth", "--input", self.clip, "--quiet",
            "--model", FIXTURES / "depth/tiny", environment=environment,
        )
        self.check_masks(self.folder / "clip_masks")

    def test_uv_runs_it_without_installing_it(self):
        output = self.run_program(
            TOOLS / "uvx", "--offline", "--no-config", "--from", wheel_file(), "8cut", "--version",
            environment={"PATH": f"{TOOLS}:/usr/bin:/bin", "HOME": str(self.folder)},
        )
        self.assertEqual(project.version(), output.splitlines()[-1])

    def test_pipx_installs_it_and_its_link_works(self):
        environment = environment_of_pip() | {
            "PIPX_HOME": str(self.folder / "pipx"), "PIPX_BIN_DIR": str(self.folder / "bin"),
            "PIPX_MAN_DIR": str(self.folder / "man"), "HOME": str(self.folder),
        }
        self.run_program(TOOLS / "pipx", "install", wheel_file(), environment=environment)
        program = self.folder / "bin" / "8cut"
        self.assertTrue(program.is_symlink())
        self.assertEqual(project.version(), self.run_program(program, "--version").strip())
        self.run_program(TOOLS / "pipx", "uninstall", "8cut", environment=environment)
        self.assertFalse(program.is_symlink())


class NetworkTests(InstallTest):
    def test_a_run_opens_no_connection(self):
        prefix = self.folder / "env"
        subprocess.run(
            [python(prefix), "-m", "pip", "install", "--quiet", "--no-index", wheel_file()],
            check=True,
        )
        trace = self.folder / "trace"
        for words in (["masks", "saliency", "--input", self.clip, "--quiet"], ["doctor"]):
            subprocess.run(
                [
                    "strace", "--follow-forks", "--trace=socket,connect", f"--output={trace}",
                    prefix / "bin/8cut", *words,
                ],
                check=True, stdout=subprocess.DEVNULL,
                env={
                    "PATH": f"{FFMPEG}:/usr/bin:/bin", "EIGHTCUT_HOME": str(self.folder / "home"),
                    "HOME": str(self.folder),
                },
            )
            self.assertNotIn("AF_INET", trace.read_text(), words)
