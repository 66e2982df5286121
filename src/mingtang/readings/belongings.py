"""Which pictures a log names: so that they go with their lesson, unless another names them too."""

from __future__ import annotations

from collections.abc import Sequence

from mingtang.readings.lessonfile.packing import assets_of, read_facts
from mingtang.stores.reading import LogReader


def only_named_by(reader: LogReader, lesson: str, others: Sequence[str]) -> list[str]:
    """Of the pictures that a lesson names, those that none of the others does. Raises BadFile for a log that cannot be
    read, as then nobody knows, and StoreFailed."""
    named = assets_of(read_facts(reader.rows(lesson)))
    for other in others if named else ():
        kept = set(assets_of(read_facts(reader.rows(other))))
        named = [asset for asset in named if asset not in kept]
    return named
