"""What README.md promises on its first screen."""

import re
import subprocess

from install import ROOT, InstallTest, project

README = (ROOT / "README.md").read_text()
PROGRAM = project.BUILD / "release" / "8cut"


def block_after(heading):
    """The lines of the first block of code after some words, and of the block after that."""
    blocks = re.findall(r"```\w+\n(.*?)```", README[README.index(heading):], re.DOTALL)
    return [block.splitlines() for block in blocks[:2]]


class ReadmeTests(InstallTest):
    def test_it_installs_from_where_the_packages_are(self):
        self.assertEqual(project.install_commands(), block_after("**Install**")[0])

    def test_every_command_that_installs_names_a_package_that_is_made(self):
        for command in project.install_commands():
            name = command.split()[-1].removeprefix("./")
            if name.startswith("dist/"):
                self.assertTrue(list(ROOT.glob(name)), command)

    def test_the_first_command_prints_what_is_shown(self):
        [command], expected = block_after("**Run**")
        subprocess.run([ROOT / "scripts/render-scene", self.folder / "clip.mp4"], check=True)
        output = self.run_program(
            PROGRAM, *command.split()[1:], cwd=self.folder,
            environment={"PATH": "/usr/bin:/bin", "HOME": str(self.folder)},
        )
        lines = [
            line.replace(str(self.folder), "/home/you") for line in output.splitlines()
            if not line.startswith("frame ")
        ]
        numbers = re.compile(r"[0-9.]+(?= s\b)|(?<=score )[0-9.]+")
        self.assertEqual(*([numbers.sub("#", line) for line in text] for text in (expected, lines)))
