"""Runs a command in a network of its own where that is allowed, else as it is. Chromium lets go of all that it loads
when an interface comes or goes (ERR_NETWORK_CHANGED), and tests of faults beside it lay cables and take them away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# Loopback, and one more interface that is up: with none a browser believes that it is offline.
LAID = (
    "ip link set lo up && ip link add apart0 type veth peer name apart1 && ip address add 10.99.9.1/24 dev apart0"
    ' && ip link set apart0 up && ip link set apart1 up && exec "$@"'
)
APART = ("unshare", "--net", "sh", "-c", LAID, "apart")


def is_allowed() -> bool:
    tools = shutil.which("unshare") and shutil.which("ip")
    return bool(tools) and subprocess.run([*APART, "true"], capture_output=True).returncode == 0


def main(command: list[str]) -> None:
    given = [*APART, *command] if is_allowed() else command
    os.execvp(given[0], given)


if __name__ == "__main__":
    main(sys.argv[1:])
