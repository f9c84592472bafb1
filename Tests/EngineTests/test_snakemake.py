"""The project's Snakemake workflow: on this machine and on Slurm."""

import os
import subprocess
import unittest

from engine import PROGRAM, TOOLS, WORKFLOWS, EngineTest
from test_slurm import SlurmTest

SNAKEMAKE = TOOLS / "bin" / "snakemake"
SLURM = [
    "--executor", "slurm", "--slurm-init-seconds-before-status-checks", "2",
    "--slurm-status-command", "squeue", "--slurm-no-account",
    "--default-resources", "slurm_partition=main", "runtime=5", "mem_mb=200",
]

# Notes its words, and runs what comes after the image.
APPTAINER = """#!/bin/bash
if [ "$1" = --version ]; then echo "apptainer version 1.3.0"; exit; fi
printf '%s\\n' "$@" >>"$0.log"
while [[ $1 != *.sif ]]; do shift; done
shift
exec "$@"
"""


def missing():
    return "" if SNAKEMAKE.exists() else f"{SNAKEMAKE} is not installed: scripts/install-test-tools"


class SnakemakeTest(EngineTest):
    def snakemake(self, list_path, *options, status=0, program=PROGRAM, path="", **settings):
        """Runs the workflow for a list in the list's folder, and returns what is printed.

        `path` has programs that come before others.
        """
        settings = {"list": list_path.name, "program": program, "threads": 1} | settings
        result = subprocess.run(
            [
                SNAKEMAKE, "--snakefile", WORKFLOWS / "Snakefile", "--latency-wait", "2", *options,
                "--config", *(f"{name}={value}" for name, value in settings.items()),
            ],
            cwd=list_path.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240,
            env=self.environment | {
                "HOME": str(self.folder), "PATH": f"{path}:{TOOLS}/bin:{os.environ['PATH']}",
            },
        )
        output = result.stdout + result.stderr
        self.assertEqual(status, result.returncode, output)
        return output

    def done_files(self, path):
        return sorted(file.name for file in (path.parent / "8cut-shards").glob("*/*.done"))


@unittest.skipIf(missing(), missing())
class LocalTests(SnakemakeTest):
    def test_shards_are_done_and_nothing_is_done_twice(self):
        path = self.make_list(4, name="it's $(a) \"b\"/list.jsonl")
        self.snakemake(path, "--cores", "2", shards=2)
        self.check_masks(path, range(4))
        self.assertEqual(["0-of-2.done", "1-of-2.done"], self.done_files(path))
        self.assertIn("Nothing to be done", self.snakemake(path, "--cores", "2", shards=2))
        self.assertEqual({f"row-{n}": 1 for n in range(4)}, self.attempts_of(path))

    def test_jobs_run_in_an_image(self):
        """With a stand-in for Apptainer, which Debian 12 does not have."""
        path = self.make_list(1)
        image = self.folder / "8cut.sif"
        image.write_text("")
        stand_in = self.folder / "bin" / "apptainer"
        stand_in.parent.mkdir()
        stand_in.write_text(APPTAINER)
        stand_in.chmod(0o755)
        self.snakemake(
            path, "--cores", "1", "--software-deployment-method", "apptainer", image=image,
            path=str(stand_in.parent),
        )
        self.check_masks(path, range(1))
        self.assertIn(str(image), (stand_in.parent / "apptainer.log").read_text().splitlines())

    def test_a_longer_list_is_gone_on_with(self):
        path = self.make_list(3)
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(lines[:2]))
        self.snakemake(path, "--cores", "1")
        path.write_text("".join(lines))
        self.snakemake(path, "--cores", "1")
        self.check_masks(path, range(3))
        self.assertEqual({f"row-{n}": 1 for n in range(3)}, self.attempts_of(path))

    def test_a_job_that_ends_with_75_is_tried_again(self):
        path = self.make_list(2)
        program = self.folder / "8cut-that-is-busy-once"
        program.write_text(
            f'#!/bin/sh\nif mkdir "{self.folder}/tried" 2>/dev/null; then exit 75; fi\n'
            f'exec "{PROGRAM}" "$@"\n'
        )
        program.chmod(0o755)
        self.snakemake(path, "--cores", "1", program=program)
        self.check_masks(path, range(2))

    def test_a_row_that_cannot_be_done_fails_its_shard_only(self):
        path = self.make_list(4, broken=[0])
        self.snakemake(path, "--cores", "1", "--keep-going", status=1, shards=2, retries=1)
        self.check_masks(path, [1, 2, 3])
        self.assertEqual(["1-of-2.done"], self.done_files(path))
        # The rows that were done stayed, although the shard's output was deleted.
        self.assertEqual(1, self.attempts_of(path)["row-1"])
        self.snakemake(path, "--cores", "1", shards=2, options="--allow-failed 1")
        self.assertEqual(2, len(self.done_files(path)))

    def test_settings_that_cannot_be_used_are_errors(self):
        path = self.make_list(1)
        self.assertIn("list", self.snakemake(path, "--cores", "1", status=1, list=""))


@unittest.skipIf(missing(), missing())
class OnSlurmTests(SlurmTest, SnakemakeTest):
    def test_the_same_file_runs_on_slurm(self):
        path = self.make_list(4)
        self.snakemake(path, *SLURM, "--jobs", "2", shards=2)
        self.check_masks(path, range(4))
        self.assertEqual({f"row-{n}": 1 for n in range(4)}, self.attempts_of(path))
        self.assertEqual(2, len(self.done_files(path)))


if __name__ == "__main__":
    unittest.main()
