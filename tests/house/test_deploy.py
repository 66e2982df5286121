"""What deploy/ starts is what the program is: settings, ports and files by their names. `tools.trial` starts it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from mingtang.settings import Settings, load, table
from mingtang.web.server import GRACE_S
from tests.house.test_documented import check_mingtang
from tests.house.tree import ROOT, files, short

DEPLOY = ROOT / "deploy"
STEP = re.compile(r"^([A-Z]+) (.+)$", re.MULTILINE)
GIVEN = re.compile(r"\$\{(\w+)")


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


def services() -> dict[str, dict[str, Any]]:
    return dict(compose()["services"])


def nodes() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in services().items() if "MINGTANG_STORE" in service.get("environment", {})}


def steps() -> list[tuple[str, str]]:
    """The container file's instructions, each with all its lines."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return STEP.findall(re.sub(r"\\\n\s*", "", text))


def one(kind: str) -> str:
    """The last instruction of that kind: what the image has."""
    return [rest for name, rest in steps() if name == kind][-1]


@pytest.mark.parametrize("name", services())
def test_a_service_mounts_joins_and_waits_for_what_there_is(name: str) -> None:
    made, service = compose(), services()[name]
    assert service["image"]
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        assert (DEPLOY / source).is_file() if source.startswith("./") else source in made["volumes"], volume
    assert set(service["networks"]) <= set(made["networks"])
    waited = service.get("depends_on", {})
    assert set(waited) <= set(made["services"])
    conditions = waited if isinstance(waited, dict) else {}
    healthy = {name for name, how in conditions.items() if how["condition"] == "service_healthy"}
    assert [name for name in healthy if "healthcheck" not in made["services"][name]] == []


def test_three_nodes_with_settings_that_there_are_share_one_folder_and_nothing_else() -> None:
    assert len(nodes()) == 3
    known = {entry.env for entry in table()}
    own: list[str] = []
    for name, node in nodes().items():
        environment = {key: str(value) for key, value in node["environment"].items()}
        assert {key for key in environment if key.startswith("MINGTANG_")} <= known
        address = environment["MINGTANG_PUBLIC_URL"].partition(":-")[2].rstrip("}")
        read = load({}, {**environment, "MINGTANG_PUBLIC_URL": address})
        for address in (read.store, read.bus):
            assert urlsplit(address).hostname in services()
        inside = {place: volume for volume, _, place in (v.partition(":") for v in node["volumes"])}
        assert set(inside) == {image_environment()["MINGTANG_DATA"], read.shared}
        assert inside[read.shared] == "shared"
        own.append(inside[image_environment()["MINGTANG_DATA"]])
        assert seconds(node["stop_grace_period"]) > read.drain_seconds + 2 * GRACE_S, name
    assert len(set(own)) == 3


def test_the_image_is_made_once_from_this_checkout_and_never_fetched_by_its_name() -> None:
    made = nodes()
    assert {(node["image"], node["pull_policy"]) for node in made.values()} == {
        ("${MINGTANG_IMAGE:-mingtang}", "never")
    }
    (build,) = (node["build"] for node in made.values() if "build" in node)
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Containerfile"


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def test_nodes_and_what_they_stand_on_have_no_way_out() -> None:
    assert compose()["networks"]["inside"] == {"internal": True}
    assert {name for name, service in services().items() if service["networks"] != ["inside"]} == {"door"}
    assert [name for name, service in services().items() if "ports" in service] == ["door"]


def test_the_door_leads_to_every_node_and_asks_what_a_node_answers() -> None:
    told = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    led = re.findall(r"reverse_proxy (.+) \{", told)
    assert led == [" ".join(f"{name}:{Settings().port}" for name in nodes())] * 2
    (asked,) = re.findall(r"health_uri (\S+)", told)
    assert asked in paths()
    (published,) = services()["door"]["ports"]
    assert published.endswith(re.findall(r"^(:\d+) \{", told, re.MULTILINE)[0])


def paths() -> set[str]:
    from tools.generate.api import routes

    return {route.path for route in routes()}


def test_no_password_is_written_down_and_every_value_that_can_be_given_has_a_line() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    example = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(example) == set(GIVEN.findall(text))
    assert example["POSTGRES_PASSWORD"] == ""
    defaults = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", text))
    assert {key: value for key, value in example.items() if key in defaults} == defaults
    assert re.findall(r"PASSWORD: (?!\$\{POSTGRES_PASSWORD:\?)", text) == []
    for page in (".gitignore", "docs/run/nodes.md"):
        assert "deploy/.env" in (ROOT / page).read_text(encoding="utf-8")


# The image


def image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in shlex.split(one("ENV")))


def test_what_is_copied_into_the_image_is_there_and_is_let_through() -> None:
    told = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    let = {line.removeprefix("!") for line in told if line.startswith("!")}
    wanted = [word for kind, rest in steps() if kind == "COPY" and "--from" not in rest for word in rest.split()[:-1]]
    assert sorted(wanted) == sorted(let)
    tracked = {short(file).partition("/")[0] for file in files()}
    assert [name for name in wanted if name not in tracked] == []
    assert "*" in told


def test_all_that_the_build_reads_is_copied() -> None:
    import hatch_build

    copied = {word for kind, rest in steps() if kind == "COPY" for word in rest.split()}
    assert set(hatch_build.RECIPE) <= copied
    assert all(Path(name).parts[0] in copied for name in hatch_build.FOLDERS)
    for required in re.findall(r"-r (\S+)", "\n".join(rest for _, rest in steps())):
        assert required in copied
        assert (ROOT / required).is_file()


def test_the_image_runs_the_program_as_nobody_in_particular() -> None:
    words = [*json.loads(one("ENTRYPOINT")), *json.loads(one("CMD"))]
    assert words[0] == "mingtang"
    check_mingtang(" ".join(words), words[1:])
    assert int(one("USER").split(":")[0]) > 0
    assert one("EXPOSE") == str(Settings().port)
    assert one("STOPSIGNAL") == "SIGTERM"
    environment = image_environment()
    assert {key for key in environment if key.startswith("MINGTANG_")} <= {entry.env for entry in table()}
    assert "UTF-8" in environment["LANG"]
    assert one("VOLUME") == environment["MINGTANG_DATA"]


def test_the_image_is_healthy_when_it_may_be_sent_people() -> None:
    (asked,) = re.findall(r"'GET', '([^']+)'", one("HEALTHCHECK"))
    assert asked == "/ready"
    assert asked in paths()
    assert f"'127.0.0.1', {Settings().port}" in one("HEALTHCHECK")
