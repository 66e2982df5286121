"""The command line. This file is read by old Pythons too, to tell them so: nothing new is written or imported here."""

import sys

NEEDS = (3, 11)
TOO_OLD = "[python-too-old] Mingtang needs Python %d.%d or newer, and this is %d.%d; run it with a newer one."
BAD_START = 2


def main(arguments=None):  # type: ignore[no-untyped-def] # annotations would not be read by what is told off here
    """The exit status."""
    if sys.version_info < NEEDS:
        sys.stderr.write(TOO_OLD % (NEEDS + tuple(sys.version_info[:2])) + "\n")
        return BAD_START
    from mingtang.cli.commands import run

    return run(sys.argv[1:] if arguments is None else arguments)
