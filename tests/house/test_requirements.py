"""The hashed lists hold what pyproject.toml asks for, and a Python that installs from them gets nothing unchecked."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.house.tree import ROOT

PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)
LISTS = {
    "requirements.txt": (),
    "requirements-build.txt": ("build",),
    "requirements-nodes.txt": ("nodes",),
    "requirements-dev.txt": ("build", "nodes", "dev"),
}


def asked(extras: tuple[str, ...]) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *(r for e in extras for r in project["optional-dependencies"][e])]
    return [r for r in map(Requirement, named) if r.name != project["name"]]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_pins_everything_that_is_asked_for(name: str) -> None:
    pinned = dict(PINNED.findall((ROOT / name).read_text(encoding="utf-8")))
    for requirement in asked(LISTS[name]):
        version = pinned.get(requirement.name.lower().replace("_", "-"))
        assert version, f"{name} does not pin {requirement.name}: make lock"
        assert requirement.specifier.contains(version), f"{name} pins {requirement.name} {version}: make lock"


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_has_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lists_agree_on_versions() -> None:
    found = [PINNED.findall((ROOT / name).read_text(encoding="utf-8")) for name in LISTS]
    versions: dict[str, set[str]] = {}
    for name, version in (pin for pins in found for pin in pins):
        versions.setdefault(name, set()).add(version)
    assert {name: several for name, several in versions.items() if len(several) > 1} == {}


def test_what_builds_the_wheel_is_what_make_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert sorted(project["build-system"]["requires"]) == sorted(project["project"]["optional-dependencies"]["build"])
