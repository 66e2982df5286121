"""When Python looks for what nobody needs any more. Looking through the state of ten thousand students takes a tenth
of a second, in which nobody is served; almost everything here is let go without it."""

from __future__ import annotations

import gc

NEW, YOUNG, OLD = 50_000, 20, 100  # things made before it looks through the new, and how often it looks further


def collect_nothing() -> None:
    """While the program is loaded: nearly all that is made then stays."""
    gc.disable()


def collect_rarely() -> None:
    """Call it when the server is up: what is there by then stays, and is not looked through again."""
    gc.collect()
    gc.enable()
    gc.freeze()
    gc.set_threshold(NEW, YOUNG, OLD)
