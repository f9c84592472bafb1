"""Starts a runner and passes its output on while it comes."""

import subprocess
import sys


def run(command, environment=None, is_noise=None):
    """Runs a command, shows its output, and returns its exit status and its output's lines."""
    process = subprocess.Popen(
        [str(word) for word in command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines = []
    for line in process.stdout:
        if is_noise and is_noise(line):
            continue
        sys.stdout.write(line)
        sys.stdout.flush()
        lines.append(line.rstrip("\n"))
    return process.wait(), lines
