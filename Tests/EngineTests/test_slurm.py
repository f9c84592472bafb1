"""Lists on a Slurm cluster of two nodes, and what goes wrong there."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import slurm
from engine import EngineTest
from slurm import wait_for


@unittest.skipIf(slurm.missing(), slurm.missing())
class SlurmTest(EngineTest):
    """Tests with a cluster that is started once for all of them."""

    cluster = None

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="8cut-slurm-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        # munged wants a socket that everybody can reach.
        folder.chmod(0o755)
        # A disk that is soon full; the nodes see what was mounted before they started.
        cls.small_disk = folder / "small"
        cls.small_disk.mkdir()
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", cls.small_disk], check=True
        )
        cls.addClassCleanup(subprocess.run, ["umount", cls.small_disk], check=True)
        cls.cluster = slurm.Cluster(folder / "cluster")
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.start()

    def setUp(self):
        super().setUp()
        # A test that fails must not take the next one along.
        self.addCleanup(self.cluster.clear)

    def submit(self, path, shards, *options):
        """Submits a list and returns the number of the job."""
        output = self.run_8cut(
            "batch", "submit", "--slurm", "--list", path, "--shards", shards, *options
        )
        return output.split()[-1]

    def log(self, path, job, task):
        return (path.parent / "results-slurm" / f"{job}_{task}.log").read_text()

    def fill(self):
        """Fills the small disk; returns the file to delete."""
        filler = self.small_disk / "filler"
        self.addCleanup(filler.unlink, missing_ok=True)
        with self.assertRaises(OSError), open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        return filler

    def worker(self, *nodes):
        """Waits for the program to run on one of some nodes; returns its number and the node."""
        def find():
            for node in nodes:
                for number in self.cluster.processes(node, "8cut"):
                    return number, node
            return None

        return wait_for("a worker", find, 30)


class ArrayTests(SlurmTest):
    def test_two_nodes_make_the_masks_of_one_machine(self):
        path = self.make_list(6)
        job = self.submit(path, 3)
        tasks = self.cluster.wait_for_end(job)
        self.assertEqual({n: ("COMPLETED", 0, 0) for n in range(3)}, tasks)
        self.check_masks(path, range(6))
        self.assertEqual({f"row-{n}": 1 for n in range(6)}, self.attempts_of(path))
        logs = "".join(self.log(path, job, task) for task in range(3))
        for node in self.cluster.nodes:
            self.assertIn(f" on {node}\n", logs)
        status = self.status_of(path)
        self.assertEqual((6, 0), (status["done"], status["waiting"]))

    def test_a_row_that_cannot_be_done_is_named_and_the_others_are_done(self):
        path = self.make_list(4, broken=[2])
        job = self.submit(path, 2)
        tasks = self.cluster.wait_for_end(job)
        self.assertEqual({0: ("COMPLETED", 0, 0), 1: ("FAILED", 65, 0)}, tasks)
        self.assertIn("row-2", self.log(path, job, 1))
        self.check_masks(path, [0, 1, 3])
        self.assertEqual(1, self.attempts_of(path)["row-3"])
        status = self.status_of(path)
        self.assertEqual((3, 1), (status["done"], status["failed"]))
        self.assertEqual(["row-2"], [failure["id"] for failure in status["failures"]])

    def test_odd_names_reach_the_program_as_they_are(self):
        path = self.make_list(1, name="it's $(a) \"b\" 100% ü/list.jsonl")
        job = self.submit(path, 1)
        self.assertEqual({0: ("COMPLETED", 0, 0)}, self.cluster.wait_for_end(job))
        self.check_masks(path, [0])

    def test_a_job_that_slurm_refuses_is_an_error(self):
        path = self.make_list(1)
        message = self.run_8cut(
            "batch", "submit", "--slurm", "--list", path, "--shards", 1, "--partition", "other",
            status=71,
        )
        self.assertIn("partition", message)


class FaultTests(SlurmTest):
    def test_a_killed_worker_is_queued_again(self):
        path = self.make_list(4, slow=[1])
        job = self.submit(path, 2)
        wait_for("row 0", lambda: "row-0" in self.results_of(path))
        number, _ = self.worker(*self.cluster.nodes)
        self.cluster.kill(number)
        tasks = self.cluster.wait_for_end(job)
        self.assertEqual({"COMPLETED"}, {state for state, *_ in tasks.values()})
        self.assertEqual(1, sum(restarts for *_, restarts in tasks.values()))
        self.check_masks(path, range(4))
        self.assertEqual(1, self.attempts_of(path)["row-0"])

    def test_a_node_that_dies_is_replaced_and_may_come_back(self):
        path = self.make_list(4, slow=[1, 3])
        job = self.submit(path, 2)
        _, node = self.worker("n2")
        self.cluster.kill_node(node)
        wait_for("the node to be down", lambda: "down" in self.cluster.node_states()[node])
        tasks = self.cluster.wait_for_end(job)
        self.assertEqual({"COMPLETED"}, {state for state, *_ in tasks.values()})
        self.check_masks(path, range(4))
        self.cluster.start_node(node)
        wait_for("the node to be back", lambda: self.cluster.node_states()[node] == "idle")

    def test_a_node_that_restarts_at_once_goes_on(self):
        path = self.make_list(4, slow=[1, 3])
        job = self.submit(path, 2)
        _, node = self.worker("n1")
        self.cluster.kill_node(node)
        self.cluster.start_node(node)
        tasks = self.cluster.wait_for_end(job)
        self.assertEqual({"COMPLETED"}, {state for state, *_ in tasks.values()})
        self.check_masks(path, range(4))

    def test_a_full_disk_delays_its_shard_only(self):
        path = self.make_list(4)
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        for row in rows[2:]:
            row["output"] = str(self.small_disk / row["id"])
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        filler = self.fill()
        job = self.submit(path, 2)
        wait_for("a second try", lambda: self.cluster.tasks(job)[1][2] > 0)
        wait_for("the other shard", lambda: self.cluster.tasks(job)[0] == ("COMPLETED", 0, 0))
        self.check_masks(path, [0, 1])
        filler.unlink()
        self.assertEqual("COMPLETED", self.cluster.wait_for_end(job)[1][0])
        self.check_masks(path, [2, 3])

    def test_a_task_that_never_ends_well_is_given_up(self):
        path = self.make_list(1)
        (self.folder / "masks").symlink_to(self.small_disk)
        self.fill()
        job = self.submit(path, 1, "--retries", 1)
        self.assertEqual({0: ("FAILED", 1, 1)}, self.cluster.wait_for_end(job))
        self.assertIn("no more tries", self.log(path, job, 0))
        self.assertEqual(1, self.status_of(path)["again"])

    def test_a_cancelled_job_ends_in_time_and_goes_on_when_it_is_submitted_again(self):
        path = self.make_list(2, slow=[1])
        job = self.submit(path, 1)
        wait_for("row 0", lambda: "row-0" in self.results_of(path))
        self.worker(*self.cluster.nodes)
        self.cluster.ask("scancel", str(job))
        tasks = self.cluster.wait_for_end(job)
        self.assertEqual("CANCELLED", tasks[0][0])
        self.assertIn("cancelled, ended with 75", self.log(path, job, 0))
        again = self.submit(path, 1)
        self.assertEqual({0: ("COMPLETED", 0, 0)}, self.cluster.wait_for_end(again))
        self.check_masks(path, range(2))
        self.assertEqual(1, self.attempts_of(path)["row-0"])


if __name__ == "__main__":
    unittest.main()
