"""Media objects: the server and the browser write the same bytes (O1)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.live.media.objects import HEADER, BadObject, Head, Kind, pack, read
from tests.server import ROOT

VECTORS = json.loads((ROOT / "tests" / "laws" / "object_vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS)
def test_the_bytes_are_those_of_the_browser(vector: dict[str, object]) -> None:
    fields = {k: v for k, v in vector.items() if k not in {"payload", "bytes"}}
    head = Head(**{**fields, "kind": Kind(fields["kind"])})  # type: ignore[arg-type]
    data = pack(head, bytes.fromhex(str(vector["payload"])))
    assert data.hex() == vector["bytes"]
    assert read(data) == head


@given(st.binary(max_size=40))
def test_any_bytes_are_an_object_or_refused(data: bytes) -> None:
    try:
        head = read(data)
    except BadObject:
        return
    assert pack(head, data[HEADER:])[:14] == data[:14]
