"""A Slurm cluster of its own, on loopback: a controller, nodes and munge, all below one folder.

Every part runs in the foreground as a child, and a node with all of its jobs in a PID namespace of
its own: killing that is what a power failure is to a real node. The runner has put all of this into
namespaces, so that a machine's own /etc/slurm, ports and processes are not touched.
"""

import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time

ETC = pathlib.Path("/etc/slurm")
PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "unshare"]
FIRST_PORT = 17817

# The first process of a node: it adopts and reaps what its jobs leave behind.
INIT = 'slurmd -D -N "$1" & sleep infinity & wait -n; while :; do wait -n || sleep 0.1; done'

# cred_expire: a requeued job waits for as long as its credential is valid, 120 s by default.
SETTINGS = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={root}/munge/socket,cred_expire=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/slurmd/%n
SlurmctldPidFile={root}/run/slurmctld.pid
SlurmdPidFile={root}/run/%n.pid
SlurmctldLogFile={root}/log/slurmctld.log
SlurmdLogFile={root}/log/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU,CR_LLN
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
ReturnToService=2
JobRequeue=1
MinJobAge=3600
KillWait=5
InactiveLimit=0
SlurmdTimeout=5
SlurmctldTimeout=10
MailProg=/bin/true
RebootProgram=/bin/true
"""


def missing():
    """Why no cluster can be started here; an empty text where one can."""
    if os.environ.get("EIGHTCUT_NAMESPACE") != "1":
        return "needs root, with the right to make namespaces"
    names = [name for name in PROGRAMS if not shutil.which(name)]
    return f"not installed: {', '.join(names)}" if names else ""


def wait_for(what, condition, seconds=60):
    """Waits until a condition has a true value, and returns that."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.1)


class Cluster:
    """Its parts are started with `start` and ended with `stop`."""

    def __init__(self, root, nodes=("n1", "n2"), processors=1):
        self.root = pathlib.Path(root)
        self.nodes = list(nodes)
        self.processors = processors
        self._children = {}

    def stop(self):
        """Ends whatever is running, in the reverse order of its start."""
        for child in reversed(self._children.values()):
            child.kill()
        for child in self._children.values():
            child.wait()
        if self._children:
            subprocess.run(["umount", ETC], check=True)
        self._children = {}

    def start(self):
        """Starts all parts, and returns when all nodes are there. `stop` has to follow."""
        for name in ["state", "slurmd", "run", "log", "munge", "etc"]:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self._write_settings()
        # Slurm's own srun looks there only. The mount is in our namespace only.
        subprocess.run(["mount", "--bind", self.root / "etc", ETC], check=True)
        munge = self.root / "munge"
        (munge / "key").write_bytes(secrets.token_bytes(128))
        (munge / "key").chmod(0o600)
        self._run("munged", [
            "munged", "--foreground", f"--key-file={munge}/key", f"--socket={munge}/socket",
            f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed",
        ])
        wait_for("munge", (munge / "socket").exists, 10)
        self._run("slurmctld", ["slurmctld", "-D"])
        for node in self.nodes:
            self.start_node(node)
        self._wait_for_nodes()

    def _write_settings(self):
        host = socket.gethostname().partition(".")[0]
        text = SETTINGS.format(host=host, port=FIRST_PORT, root=self.root)
        for number, node in enumerate(self.nodes, 1):
            text += (
                f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={FIRST_PORT + number}"
                f" CPUs={self.processors} RealMemory=1000 State=UNKNOWN\n"
            )
        text += f"PartitionName=main Nodes={','.join(self.nodes)} Default=YES MaxTime=60 State=UP\n"
        (self.root / "etc" / "slurm.conf").write_text(text.lstrip())

    def _run(self, name, command):
        with open(self.root / "log" / f"{name}.output", "ab") as log:
            self._children[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    # Nodes

    def start_node(self, node):
        self._run(node, [
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
            "bash", "-c", INIT, "bash", node,
        ])

    def kill_node(self, node):
        """The node loses its power: all of its processes end at once."""
        child = self._children.pop(node)
        child.kill()
        child.wait()

    def node_states(self):
        lines = self.ask("sinfo", "--noheader", "--Node", "--format=%N %T").splitlines()
        return dict(line.split() for line in lines)

    def processes(self, node, name):
        """The numbers of the processes of a name on a node."""
        found, below = [], self._descendants(self._children[node].pid)
        for number in below:
            try:
                if pathlib.Path(f"/proc/{number}/comm").read_text().strip() == name[:15]:
                    found.append(number)
            except OSError:
                continue
        return found

    def _descendants(self, root):
        parents = {}
        for folder in pathlib.Path("/proc").iterdir():
            if folder.name.isdecimal():
                try:
                    fields = (folder / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                parents.setdefault(int(fields[1]), []).append(int(folder.name))
        found, open_ones = [], [root]
        while open_ones:
            children = parents.get(open_ones.pop(), [])
            found += children
            open_ones += children
        return found

    def clear(self):
        """Cancels all jobs, and starts the nodes that are gone."""
        subprocess.run(["scancel", "--user=root"], check=True, stdin=subprocess.DEVNULL)
        for node in self.nodes:
            if node not in self._children:
                self.start_node(node)
        self._wait_for_nodes()

    def _wait_for_nodes(self):
        all_idle = {node: "idle" for node in self.nodes}
        wait_for("the nodes", lambda: self.node_states() == all_idle, 60)

    # Jobs

    def ask(self, *command):
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return result.stdout

    def tasks(self, job):
        """The state and exit status of every task of an array: {0: ("COMPLETED", 0)}."""
        text = self.ask("scontrol", "--oneliner", "show", "job", str(job))
        tasks = {}
        for line in text.splitlines():
            fields = dict(re.findall(r"(\w+)=(\S*)", line))
            numbers = fields.get("ArrayTaskId", "0").partition("%")[0]
            status = int(fields["ExitCode"].partition(":")[0])
            for part in numbers.split(","):
                first, _, last = part.partition("-")
                for number in range(int(first), int(last or first) + 1):
                    tasks[number] = (fields["JobState"], status, int(fields.get("Restarts", 0)))
        return tasks

    def wait_for_end(self, job, seconds=120):
        """Waits until no task of a job is left in the queue, and returns what became of them."""
        active = {"PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "REQUEUED", "SUSPENDED"}

        def ended():
            tasks = self.tasks(job)
            return tasks and not any(state in active for state, *_ in tasks.values()) and tasks

        try:
            return wait_for(f"job {job}", ended, seconds)
        except AssertionError as failure:
            raise AssertionError(f"{failure}: {self.tasks(job)}\n{self.end_of_logs()}") from None

    def end_of_logs(self):
        """What the daemons wrote last, for the messages of failures."""
        return "\n".join(
            f"== {file.name}\n" + "\n".join(file.read_text(errors="replace").splitlines()[-8:])
            for file in sorted((self.root / "log").glob("*.log"))
        )

    def kill(self, number, how=signal.SIGKILL):
        os.kill(number, how)
