"""Other engines: GNU parallel, a Kubernetes Indexed Job, Ray Data; and 8cut without any."""

import json
import os
import shutil
import subprocess
import sys
import unittest

from engine import PROGRAM, TOOLS, WORKFLOWS, EngineTest

DOCUMENT = WORKFLOWS.parent / "docs" / "how-to" / "run-on-a-cluster.md"


@unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not installed")
class ParallelTests(EngineTest):
    def parallel(self, path):
        """The document's command for four shards, on a list of ours."""
        command = next(
            line for line in DOCUMENT.read_text().splitlines() if line.startswith("seq 0 15 | ")
        )
        self.assertIn("8cut batch run --list clips.jsonl --shard {}/16", command)
        command = command.replace("seq 0 15", "seq 0 3").replace("{}/16", "{}/4")
        command = command.replace("clips.jsonl", path.name).replace("--retries 5", "--retries 2")
        (self.folder / "bin").mkdir(exist_ok=True)
        (self.folder / "bin" / "8cut").unlink(missing_ok=True)
        (self.folder / "bin" / "8cut").symlink_to(PROGRAM)
        environment = self.environment | {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "HOME": str(self.folder),
        }
        return subprocess.run(
            ["bash", "-c", command], cwd=path.parent, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120,
        )

    def test_each_shard_is_a_job(self):
        path = self.make_list(6)
        result = self.parallel(path)
        self.assertEqual(0, result.returncode, result.stderr)
        self.check_masks(path, range(6))
        self.assertEqual({f"row-{n}": 1 for n in range(6)}, self.attempts_of(path))

    def test_its_status_is_the_number_of_shards_that_failed(self):
        path = self.make_list(6, broken=[5])
        self.assertEqual(1, self.parallel(path).returncode)
        self.check_masks(path, range(5))


class KubernetesTests(EngineTest):
    def job(self):
        python = TOOLS / "bin" / "python"
        if not python.exists():
            self.skipTest(f"{python}, whose PyYAML reads the file, is not installed")
        text = subprocess.run(
            [
                python, "-c", "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))",
            ],
            stdin=open(WORKFLOWS / "kubernetes-job.yaml", "rb"), capture_output=True, check=True,
        ).stdout
        return json.loads(text)

    def test_the_job_asks_for_one_pod_a_shard_and_one_try_after_a_65(self):
        job = self.job()
        spec, pod = job["spec"], job["spec"]["template"]["spec"]
        self.assertEqual(("batch/v1", "Job"), (job["apiVersion"], job["kind"]))
        self.assertEqual("Indexed", spec["completionMode"])
        # Kubernetes takes a limit for each index with this policy only.
        self.assertEqual("Never", pod["restartPolicy"])
        container = pod["containers"][0]
        self.assertEqual(str(spec["completions"]), self.option(container["args"], "--shards"))
        rules = {rule["action"]: rule for rule in spec["podFailurePolicy"]["rules"]}
        codes = rules["FailIndex"]["onExitCodes"]
        self.assertEqual((container["name"], [64, 65]), (codes["containerName"], codes["values"]))
        mounts = {mount["name"] for mount in container["volumeMounts"]}
        self.assertEqual(mounts, {volume["name"] for volume in pod["volumes"]})

    def test_its_command_does_all_rows_when_each_index_has_run(self):
        path = self.make_list(6)
        # 8cut is the image's entry point.
        command = self.job()["spec"]["template"]["spec"]["containers"][0]["args"]
        self.assertEqual(["batch", "run"], command[:2])
        replaced = {self.option(command, "--list"): str(path), self.option(command, "--shards"): "3"}
        words = [replaced.get(word, word) for word in command]
        for index in range(3):
            self.assertEqual(2 * index, len(self.results_of(path)))
            self.run_8cut(*words, environment=self.environment | {"JOB_COMPLETION_INDEX": str(index)})
        self.check_masks(path, range(6))

    @staticmethod
    def option(command, name):
        return command[command.index(name) + 1]


class RayTests(EngineTest):
    """The example for Ray Data with a stand-in for ray, which is 600 MB with what it needs."""

    def run_example(self, path, size):
        """Runs the example's main function, and returns its status and the lines it prints."""
        stand_in = self.folder / "modules"
        stand_in.mkdir(exist_ok=True)
        (stand_in / "ray.py").write_text(RAY)
        (self.folder / "bin").mkdir(exist_ok=True)
        if not (self.folder / "bin" / "8cut").exists():
            (self.folder / "bin" / "8cut").symlink_to(PROGRAM)
        environment = self.environment | {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "PYTHONPATH": str(stand_in),
        }
        result = subprocess.run(
            [sys.executable, "-B", WORKFLOWS / "ray_data.py", path, path.parent / "results", str(size)],
            env=environment, cwd=self.folder, capture_output=True, text=True, timeout=120,
        )
        return result.returncode, result.stdout.splitlines(), result.stderr

    def make_absolute(self, path):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        for row in rows:
            for field in "input", "output":
                row[field] = str(path.parent / row[field])
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))

    def test_batches_of_rows_are_runs(self):
        path = self.make_list(5)
        self.make_absolute(path)
        status, lines, errors = self.run_example(path, 2)
        self.assertEqual(0, status, errors)
        results = [json.loads(line) for line in lines]
        self.assertEqual([(f"row-{n}", "done") for n in range(5)],
                         sorted((r["id"], r["status"]) for r in results))
        self.check_masks(path, range(5))

    def test_a_row_that_cannot_be_done_is_a_result(self):
        path = self.make_list(3, broken=[1])
        self.make_absolute(path)
        status, lines, errors = self.run_example(path, 3)
        self.assertEqual((65, 3), (status, len(lines)), errors)

    def test_relative_paths_are_refused(self):
        status, _, errors = self.run_example(self.make_list(1), 1)
        self.assertEqual(1, status)
        self.assertIn("line 1: input", errors)


# What the example uses of ray, one batch after the other.
RAY = '''
class Dataset:
    def __init__(self, rows):
        self.rows = rows

    def map_batches(self, function, *, batch_size, fn_kwargs, num_cpus):
        rows = []
        for start in range(0, len(self.rows), batch_size):
            part = self.rows[start:start + batch_size]
            batch = function({name: [row[name] for row in part] for name in part[0]}, **fn_kwargs)
            names = list(batch)
            rows += [dict(zip(names, values)) for values in zip(*batch.values())]
        return Dataset(rows)

    def iter_rows(self):
        return iter(self.rows)


class data:
    from_items = Dataset
'''


class SubmissionTests(EngineTest):
    """What `batch submit` and `batch status` do before, and without, Slurm."""

    def test_without_slurm_a_submission_is_refused_and_the_state_is_known(self):
        path = self.make_list(3)
        # The program's own tools are elsewhere in the path of a machine with Slurm.
        (self.folder / "bin").mkdir()
        for name in "ffmpeg", "ffprobe":
            (self.folder / "bin" / name).symlink_to(shutil.which(name))
        environment = self.environment | {"PATH": str(self.folder / "bin")}
        message = self.run_8cut(
            "batch", "submit", "--slurm", "--list", path, "--shards", 2,
            status=69, environment=environment,
        )
        self.assertIn("sbatch", message)
        text = self.run_8cut("batch", "status", "--list", path, environment=environment)
        self.assertIn("waiting:  3", text)
        self.assertNotIn("Slurm", text)

    def test_a_dry_run_prints_the_script_and_writes_nothing(self):
        path = self.make_list(3)
        before = sorted(path.parent.iterdir())
        script = self.run_8cut(
            "batch", "submit", "--slurm", "--list", path, "--shards", 8, "--max", 2, "--gres",
            "gpu:1", "--sbatch=--account=lab", "--dry-run", "--", "--allow-failed", 3,
        )
        # No more tasks than rows.
        self.assertIn("#SBATCH --array=0-2%2\n", script)
        self.assertIn("#SBATCH --gres=gpu:1\n#SBATCH --account=lab\n", script)
        self.assertIn("\n    --allow-failed\n    3\n", script)
        self.assertIn(f"\n    {PROGRAM.resolve()}\n", script)
        self.assertEqual(before, sorted(path.parent.iterdir()))
        check = subprocess.run(["bash", "-n"], input=script, text=True)
        self.assertEqual(0, check.returncode)

    def test_mistakes_are_found_before_anything_is_submitted(self):
        path = self.make_list(2)
        for options, words in [
            (["--shards", 0], "--shards"),
            (["--shards", 2, "--partition", "a b"], "a b"),
            (["--shards", 2, "--sbatch", "account=lab"], "account=lab"),
            (["--shards", 2, "--", "--no-such-option"], "no-such-option"),
            (["--shards", 2, "--", "--shard", "1/2"], "--shard"),
        ]:
            with self.subTest(options=options):
                message = self.run_8cut(
                    "batch", "submit", "--slurm", "--list", path, *options, status=64
                )
                self.assertIn(words, message)
        path.write_text(path.read_text() + "{}\n")
        message = self.run_8cut(
            "batch", "submit", "--slurm", "--list", path, "--shards", 2, status=64
        )
        self.assertIn("line 3", message)
        self.assertFalse((path.parent / "results-slurm").exists())

    def test_the_state_is_that_of_the_results(self):
        path = self.make_list(4, broken=[1])
        self.run_8cut("batch", "run", "--list", path, "--shard", "0/2", status=65)
        status = self.status_of(path)
        self.assertEqual(
            (4, 1, 1, 0, 2), tuple(status[n] for n in ["rows", "done", "failed", "again", "waiting"])
        )
        self.assertEqual("row-1", status["failures"][0]["id"])
        # A row that has been changed since is not done.
        path.write_text(path.read_text().replace('"masks/0"', '"masks/other"'))
        self.assertEqual((0, 3), tuple(self.status_of(path)[n] for n in ["done", "waiting"]))


if __name__ == "__main__":
    unittest.main()
