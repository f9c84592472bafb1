"""A world of their own for the tests of the engines: mounts, processes, network and host name.

usage: namespace.py PROGRAM [ARGUMENT…]

Whatever the program starts has ended when this ends, however it ends: the kernel kills a PID
namespace with its first process. Without the right to make namespaces the program runs as it is,
and EIGHTCUT_NAMESPACE is not set.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys

SPACES = ["--mount", "--pid", "--net", "--uts", "--fork", "--kill-child", "--mount-proc"]
SIOCSIFFLAGS, SIOCSIFADDR = 0x8914, 0x8916
IFF_UP = 1


def are_allowed():
    """Whether namespaces can be made here. Without root, Slurm would not run in them."""
    try:
        command = ["unshare", *SPACES, "true"]
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def set_up_network():
    """Loopback, and an address besides 127.0.0.1: without one, a lookup that asks for configured
    addresses only (AI_ADDRCONFIG), as Slurm's do, finds none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", IFF_UP))
        address = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton("192.0.2.1"))
        fcntl.ioctl(any_socket, SIOCSIFADDR, struct.pack("16s16s8x", b"lo:1", address))
    # A name that can be looked up.
    socket.sethostname("localhost")


def run_and_reap(command):
    """Runs a command and reaps whatever it and its children leave behind, as process 1 has to."""
    child = os.posix_spawnp(command[0], command, os.environ | {"EIGHTCUT_NAMESPACE": "1"})
    while True:
        number, status = os.wait()
        if number == child:
            return os.waitstatus_to_exitcode(status)


def main(command):
    inside = "--inside"
    if command[0] == inside:
        set_up_network()
        status = run_and_reap(command[1:])
        return status if status >= 0 else 128 - status
    if not are_allowed():
        os.execvp(command[0], command)
    os.execvp("unshare", ["unshare", *SPACES, sys.executable, "-B", __file__, inside, *command])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
