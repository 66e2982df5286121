"""`mingtang serve`: the lesson server, and the few lines that tell a person how to go on."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import mingtang
from mingtang.cli.terminal import can_draw, out, text
from mingtang.settings import Settings
from mingtang.web import doorstep, logs
from mingtang.web.network import is_loopback
from mingtang.web.trouble import Trouble

if TYPE_CHECKING:  # the program itself is loaded when it listens already
    from mingtang.integrations.captions.loading import Maker
    from mingtang.live.hall import Hall
    from mingtang.web.server import Started


def run(given: argparse.Namespace, settings: Settings) -> int:
    quiet = sys.stderr.isatty() and settings.log_level == "info"
    logs.set_up("warning" if quiet else settings.log_level)
    engine(settings)  # what cannot be loaded is said before anything is opened
    doorstep.serve(settings, lambda started: welcome(started, settings), captioned)
    out(text("serve.stopped"))
    return 0


def engine(settings: Settings) -> Maker | None:
    """The program that writes captions; None where none is set. Raises Trouble."""
    if not settings.captions:
        return None
    from mingtang.integrations.captions.loading import NoEngine, load

    try:
        return load(settings.captions)
    except NoEngine as error:
        raise Trouble(error.code, **error.params) from error


def captioned(settings: Settings, hall: Hall) -> contextlib.AbstractAsyncContextManager[None]:
    """What goes along with each process that serves."""
    make = engine(settings)
    if make is None:
        from mingtang.integrations.captions.pen import nobody

        return nobody(hall)
    from mingtang.integrations.captions.scribe import beside  # with it comes FFmpeg, which no other server needs

    return beside(hall, settings.captions, make)


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
