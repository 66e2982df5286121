"""What a look through a data folder finds."""

from __future__ import annotations

from typing import Any, NamedTuple


class Found(NamedTuple):
    """`weight` is bad (something is lost or will be refused), poor (lessons can be taught all the same) or good; `code`
    and `params` make its sentence."""

    code: str
    weight: str
    params: dict[str, Any]
