"""RFC 7396 merge patches: the same vectors are run by vitest (src/mingtang/browser/patch.test.ts)."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.patch import apply, diff

VECTORS = json.loads((Path(__file__).parent / "patch_vectors.json").read_text())

keys = st.text(max_size=6).filter(lambda k: k not in {"__proto__", "constructor", "prototype"})
leaves = st.booleans() | st.integers(-9, 9) | st.text(max_size=4) | st.lists(st.integers(0, 3), max_size=3)
inner = st.recursive(leaves, lambda value: st.dictionaries(keys, value, max_size=3), max_leaves=8)
objects = st.dictionaries(keys, inner, max_size=4)


@given(objects, objects)
def test_a_patch_leads_from_the_old_to_the_new(old, new):
    assert apply(old, diff(old, new)) == new


@given(objects)
def test_equal_objects_need_no_patch(value):
    assert diff(value, json.loads(json.dumps(value))) == {}


@given(objects, objects)
def test_applying_changes_neither_the_old_nor_the_patch(old, new):
    patch = diff(old, new)
    kept = json.dumps([old, patch])
    apply(old, patch)
    assert json.dumps([old, patch]) == kept


def test_one_and_true_are_different_values():
    assert diff({"a": 1}, {"a": True}) == {"a": True}


@pytest.mark.parametrize("key", ["__proto__", "constructor", "prototype"])
def test_keys_that_reach_a_prototype_are_refused(key):
    with pytest.raises(ValueError, match=key):
        apply({}, {"a": {key: {"x": 1}}})


def test_the_vectors_hold():
    assert len(VECTORS) >= 25
    for old, patch, new in VECTORS:
        assert apply(old, patch) == new
