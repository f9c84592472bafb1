"""The Pythons of a machine, and what they have."""

import pathlib
import shutil
import subprocess
import sys


def found():
    """The Pythons of this machine, this one first."""
    names = [sys.executable, shutil.which("python3"), shutil.which("python")]
    return list(dict.fromkeys(name for name in names if name))


def packages():
    """Where the Pythons of this machine have their packages."""
    code = "import sys; print('\\n'.join(sys.path))"
    for python in found():
        output = subprocess.run([python, "-c", code], capture_output=True, text=True).stdout
        yield from (pathlib.Path(line) for line in output.splitlines() if "-packages" in line)


def with_torch():
    """The first that has torch with a GPU, and transformers; None where none has."""
    code = "import torch, transformers, sys; sys.exit(not torch.cuda.is_available())"
    for python in found():
        if subprocess.run([python, "-c", code], capture_output=True).returncode == 0:
            return python
    return None
