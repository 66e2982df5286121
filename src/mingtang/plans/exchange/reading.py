"""One file of questions, whatever it is: told apart by what is in it, taken as a whole or not at all."""

from __future__ import annotations

from mingtang.plans.exchange import aiken, gift, moodle
from mingtang.plans.exchange.carry import carry_all
from mingtang.plans.exchange.foreign import BadFile, File
from mingtang.plans.exchange.letters import decode

FORMATS = (moodle, aiken, gift)  # Aiken before GIFT: an option may hold a brace, but no GIFT has a line ANSWER: B
MOST_BYTES = 16_000_000


def read(data: bytes) -> File:
    """Raises BadFile; its code is a message key."""
    if len(data) > MOST_BYTES:
        raise BadFile("import.too_large", most=MOST_BYTES // 1_000_000)
    text = decode(data)
    for form in FORMATS:
        if form.looks_like(text):
            return carry_all(form.read(text), [])
    raise BadFile("import.unknown_format")
