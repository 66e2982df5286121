"""`mingtang serve`: the lesson server, and the few lines that tell a person how to go on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import mingtang
from mingtang.cli.terminal import can_draw, out, text
from mingtang.settings import Settings
from mingtang.web import doorstep, logs
from mingtang.web.network import is_loopback

if TYPE_CHECKING:  # the program itself is loaded when it listens already
    from mingtang.web.server import Started


def run(given: argparse.Namespace, settings: Settings) -> int:
    quiet = sys.stderr.isatty() and settings.log_level == "info"
    logs.set_up("warning" if quiet else settings.log_level)
    doorstep.serve(settings, lambda started: welcome(started, settings))
    out(text("serve.stopped"))
    return 0


def welcome(started: Started, settings: Settings) -> None:
    out()
    out(f"  Mingtang 明堂 {mingtang.__version__}")
    out()
    rows = list(_rows(started))
    wide = max(_columns(label) for label, _ in rows)
    for label, value in rows:
        out(f"  {label}{' ' * (wide - _columns(label))}   {value}")
    out()
    if can_draw():
        _draw_code(started.address)
    from mingtang.web.who import host_of

    if is_loopback(host_of(started.address).partition(":")[0]):
        out(f"  {text('serve.only_here')}")
    if not started.has_pages:
        out(f"  {text('serve.no_pages')}")
    out(f"  {text('serve.how_to_stop', folder=settings.data)}")
    out()


def _rows(started: Started) -> Iterator[tuple[str, str]]:
    yield text("serve.students"), started.address
    if started.link_here:
        yield text("serve.teacher_here"), started.link_here
    yield text("serve.teacher_tls" if started.link_here else "serve.teacher"), started.teacher_link
    yield text("serve.wall"), f"{started.address}/wall"
    if started.secure != started.address and started.secure:
        yield text("serve.speak"), f"{started.address}/https"


def _columns(label: str) -> int:
    """Chinese signs take two columns."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in label)


def _draw_code(address: str) -> None:
    import io

    import segno

    drawn = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(drawn, border=2, compact=True)
    bright, plain = ("\033[97;40m", "\033[0m") if sys.stdout.isatty() else ("", "")
    for line in drawn.getvalue().splitlines():
        out(f"  {bright}{line}{plain}")
    out()
