"""A lesson as a file and back: nothing is lost, and nothing comes in that is not what it says it is."""

from __future__ import annotations

import contextlib
import json
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from bench.school import teach
from bench.school.hour import Page
from mingtang.activities import kinds
from mingtang.core.lesson import Lesson
from mingtang.core.member import Role
from mingtang.readings.lessonfile.layout import ASSET_FILES, VERSION, BadFile
from mingtang.readings.lessonfile.opening import rows_of, unpack
from mingtang.readings.lessonfile.packing import pack
from mingtang.web.decks.shelf import NAMES
from tests.laws.classes import KINDS, begun, run, wishes
from tests.readings.lessons import PICTURE, Logs, contents, edited, shelve, write

MOST = 100_000_000
A1, A2 = "a1" * 16, "b2" * 16


def digests_at_every_position(rows) -> list[str]:
    lesson, found = Lesson(kinds()), []
    for row in rows:
        lesson.take(kinds().fact(row))
        found.append(lesson.digest())
    return found


@pytest.fixture(scope="module")
def hour():
    pages = [Page(A1, 1600, 900, "One"), Page(A2, 1600, 900, "Two")]
    return teach(seed=2, students=12, events=400, pages=pages)


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    for asset in (A1, A2):
        shelve(tmp_path / "assets", asset)
    return tmp_path / "assets"


@pytest.fixture
def good(tmp_path: Path, assets: Path, hour) -> Path:
    """A file that would be taken."""
    pack(Logs(one=hour.rows), "one", assets, tmp_path / "good.mingtang")
    return tmp_path / "good.mingtang"


def refused(file: Path, tmp_path: Path, most: int = MOST) -> BadFile:
    with pytest.raises(BadFile) as bad:
        unpack(file, tmp_path / "in", most)
    return bad.value


def test_every_row_comes_back_as_it_was_and_so_does_every_digest(good, hour, tmp_path):
    manifest = unpack(good, tmp_path / "in", MOST)
    back = list(rows_of(tmp_path / "in" / "events.jsonl"))
    assert back == hour.rows
    assert digests_at_every_position(back) == digests_at_every_position(hour.rows)
    assert manifest.digests["all"] == hour.lesson.digest()
    assert (tmp_path / "in" / "assets" / A1 / "640.webp").read_bytes() == PICTURE


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(wishes())
def test_any_lesson_comes_back_with_the_same_digest_at_every_position(tmp_path_factory, asked):
    lesson, log = begun()
    for _ in run(lesson, asked, log):
        pass
    rows, place = [KINDS.row(fact) for fact in log], tmp_path_factory.mktemp("any")
    pack(Logs(one=rows), "one", place, place / "x.mingtang")
    unpack(place / "x.mingtang", place / "in", MOST)
    back = list(rows_of(place / "in" / "events.jsonl"))
    assert digests_at_every_position(back) == digests_at_every_position(rows)


def test_the_same_log_gives_the_same_bytes(good, hour, assets, tmp_path):
    pack(Logs(one=hour.rows), "one", assets, tmp_path / "again.mingtang")
    assert (tmp_path / "again.mingtang").read_bytes() == good.read_bytes()


def test_a_lesson_that_goes_on_is_exported_up_to_a_position(hour, assets, tmp_path):
    manifest = pack(Logs(one=hour.rows), "one", assets, tmp_path / "half.mingtang", upto=200)
    assert (manifest.events, manifest.lesson.ended) == (200, 0)
    assert unpack(tmp_path / "half.mingtang", tmp_path / "in", MOST).events == 200
    assert list(rows_of(tmp_path / "in" / "events.jsonl")) == hour.rows[:200]


def test_the_events_can_be_read_by_any_program(good, hour):
    lines = [json.loads(line) for line in contents(good)["events.jsonl"].splitlines()]
    assert lines[0]["kind"] == "lesson.opened"
    assert set(lines[0]) == {"seq", "at", "by", "cmd", "kind", "version", "data"}
    assert [line["seq"] for line in lines] == list(range(1, len(hour.rows) + 1))
    assert lines[5]["data"]["kind"] == lines[5]["kind"]


def test_a_picture_that_is_gone_is_named_and_hinders_nothing(hour, tmp_path):
    manifest = pack(Logs(one=hour.rows), "one", tmp_path, tmp_path / "x.mingtang")
    assert manifest.absent == [A1, A2]
    assert unpack(tmp_path / "x.mingtang", tmp_path / "in", MOST).absent == [A1, A2]


def test_what_cannot_be_exported_leaves_no_file(assets, hour, tmp_path):
    strange = [hour.rows[0]._replace(kind="poll.flown")]
    for logs in (Logs(), Logs(one=strange)):
        with pytest.raises(BadFile):
            pack(logs, "one", assets, tmp_path / "x.mingtang")
    assert [f.name for f in tmp_path.iterdir() if "mingtang" in f.name] == []


def test_a_file_holds_the_pictures_that_the_shelf_has():
    assert set(ASSET_FILES) == NAMES


# Damaged


def test_a_file_cut_short_anywhere_is_refused_with_a_sentence(good, tmp_path):
    whole = good.read_bytes()
    for size in (0, 3, len(whole) // 3, len(whole) - 30, len(whole) - 1):
        (tmp_path / "cut").write_bytes(whole[:size])
        assert refused(tmp_path / "cut", tmp_path / str(size)).code in ("file.damaged", "file.not_one")


def test_a_flipped_byte_is_found_wherever_it_is(good, tmp_path):
    whole = good.read_bytes()
    for number, place in enumerate(range(40, len(whole) - 200, len(whole) // 23)):
        (tmp_path / "bad").write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        folder = tmp_path / f"in{number}"
        with contextlib.suppress(BadFile):  # else it is a byte that no reader looks at, and the rest is what it was
            unpack(tmp_path / "bad", folder, MOST)
            assert (folder / "events.jsonl").read_bytes() == contents(good)["events.jsonl"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 60, b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_lesson_file_is_called_that(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    assert refused(tmp_path / "x", tmp_path).code in ("file.damaged", "file.not_one")


def test_content_that_is_not_what_the_manifest_says_is_found(good, tmp_path):
    changed = contents(good)
    changed["events.jsonl"] = changed["events.jsonl"].replace(b'"poll.voted"', b'"poll.VOTED"', 1)
    bad = refused(write(tmp_path / "x", changed, vouch=False), tmp_path)
    assert (bad.code, bad.params["name"]) == ("file.wrong_hash", "events.jsonl")


# Hostile


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "assets/../../x", "C:\\x", "assets\\x", "a.sh", "plan/../x", "assets/zz/640.webp", "x/"],
)
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_unpacked(good, tmp_path, name):
    bad = refused(write(tmp_path / "x", {**contents(good), name: b"x"}), tmp_path)
    assert bad.code == "file.hostile"
    assert not (tmp_path / "in").exists()


def test_links_doubles_and_ciphers_are_refused(good, tmp_path):
    def add(file, **about):
        with zipfile.ZipFile(file, "w") as zip_:
            for name, data in contents(good).items():
                zip_.writestr(name, data)
            info = zipfile.ZipInfo(about.pop("name", f"assets/{'c' * 32}/640.webp"))
            for key, value in about.items():
                setattr(info, key, value)
            zip_.writestr(info, b"/etc/passwd")
        return file

    link = (stat.S_IFLNK | 0o777) << 16
    assert refused(add(tmp_path / "link", external_attr=link), tmp_path).code == "file.hostile"
    assert refused(add(tmp_path / "lzma", compress_type=zipfile.ZIP_LZMA), tmp_path).code == "file.hostile"
    with pytest.warns(UserWarning, match="Duplicate"):
        double = add(tmp_path / "double", name="events.jsonl")
    assert refused(double, tmp_path).code == "file.hostile"
    secret = write(tmp_path / "secret", contents(good)).read_bytes()
    at = secret.index(b"PK\x01\x02") + 8
    (tmp_path / "secret").write_bytes(secret[:at] + b"\x01" + secret[at + 1 :])
    assert refused(tmp_path / "secret", tmp_path).code == "file.hostile"


def test_a_zip_bomb_is_refused_by_its_table_of_contents(good, tmp_path):
    bomb = write(tmp_path / "x", {**contents(good), f"assets/{A1}/640.webp": PICTURE + b"\0" * 20_000_000})
    assert bomb.stat().st_size < 100_000
    assert refused(bomb, tmp_path, most=10_000_000).code == "file.too_big"
    assert not (tmp_path / "in").exists()


def test_a_bomb_that_lies_about_its_size_is_cut_off_there(good, tmp_path):
    bomb = bytearray(
        write(tmp_path / "x", {**contents(good), f"assets/{A1}/640.webp": b"\0" * 20_000_000}).read_bytes()
    )
    name = f"assets/{A1}/640.webp".encode()
    at = bomb.rindex(name) - 46 + 24
    bomb[at : at + 4] = (1000).to_bytes(4, "little")
    (tmp_path / "x").write_bytes(bomb)
    assert refused(tmp_path / "x", tmp_path, most=10_000_000).code in ("file.damaged", "file.wrong_hash")
    assert sum(f.stat().st_size for f in (tmp_path / "in").rglob("*") if f.is_file()) < 1_000_000


def test_too_many_entries_are_refused(good, tmp_path):
    many = {f"assets/{n:032x}/640.webp": b"" for n in range(20_001)}
    assert refused(write(tmp_path / "x", contents(good) | many), tmp_path).code == "file.too_big"


def test_a_newer_format_is_told_apart_from_nonsense(good, tmp_path):
    def with_manifest(**changes):
        manifest = json.loads(contents(good)["manifest.json"])
        return write(tmp_path / "x", {**contents(good), "manifest.json": json.dumps(manifest | changes).encode()})

    assert refused(with_manifest(version=VERSION + 1), tmp_path).code == "file.newer"
    for strange in ({"format": "zip"}, {"version": "1"}, {"lesson": {}}, {"digests": None}, {"version": 0}):
        assert refused(with_manifest(**strange), tmp_path).code == "file.not_one"
    nasty = json.loads(contents(good)["manifest.json"])["lesson"] | {"id": "../../x"}
    assert refused(with_manifest(lesson=nasty), tmp_path).code == "file.not_one"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda lines: lines[3].update(kind="poll.flown", data={"kind": "poll.flown"}), "file.unknown_kind"),
        (lambda lines: lines[3].update(version=99), "file.unknown_kind"),
        (lambda lines: lines[3].update(data={"kind": lines[3]["kind"], "id": 7}), "file.bad_line"),
        (lambda lines: lines[3].update(kind="member.went"), "file.bad_line"),
        (lambda lines: lines[3].update(data=[]), "file.bad_line"),
        (lambda lines: lines[3].update(at=1), "file.bad_order"),
        (lambda lines: lines.insert(3, lines[3]), "file.bad_order"),
        (lambda lines: lines.reverse(), "file.bad_order"),
        (lambda lines: lines.pop(0), "file.bad_order"),
        (lambda lines: lines.pop(), "file.wrong_count"),
        (lambda lines: lines[3].update(seq=10**30), "file.bad_line"),
        (lambda lines: lines[3].update(at=2**70), "file.bad_line"),
        (lambda lines: lines[3].update(by="b" * 70), "file.bad_line"),
        (lambda lines: lines[0]["data"].update(title="Another"), "file.wrong_digest"),
    ],
)
def test_events_that_are_no_log_are_refused_by_their_line(good, tmp_path, change, code):
    assert refused(write(tmp_path / "x", edited(contents(good), change)), tmp_path).code == code


def test_a_line_without_end_and_one_too_deep_are_refused(good, tmp_path):
    endless = {**contents(good), "events.jsonl": b'{"seq":1,"data":"' + b"a" * 3_000_000}
    deep = {**contents(good), "events.jsonl": b'{"seq":1,"data":' + b"[" * 100_000}
    for entries in (endless, deep):
        assert (
            refused(write(tmp_path / "x", entries), tmp_path / str(len(entries["events.jsonl"]))).code
            == "file.bad_line"
        )


def test_a_log_that_no_browser_would_show_is_refused(good, tmp_path):
    def poison(lines):
        joined = next(line for line in lines if line["kind"] == "member.joined")
        joined["data"]["id"] = "__proto__"

    assert refused(write(tmp_path / "x", edited(contents(good), poison)), tmp_path).code == "file.unseeable"


def test_pictures_are_pictures_and_belong_to_the_lesson(good, tmp_path):
    page = f"assets/{A1}/640.webp"
    html = write(tmp_path / "html", {**contents(good), page: b"<script>alert(1)</script>"})
    assert refused(html, tmp_path / "1").code == "file.bad_picture"
    text = write(tmp_path / "text", {**contents(good), f"assets/{A1}/text.json": b"[]"})
    assert refused(text, tmp_path / "2").code == "file.bad_picture"
    stray = write(tmp_path / "stray", {**contents(good), f"assets/{'c' * 32}/640.webp": PICTURE})
    assert refused(stray, tmp_path / "3").code == "file.stray"
    missing = {name: data for name, data in contents(good).items() if name != page}
    assert refused(write(tmp_path / "m", missing, vouch=False), tmp_path / "4").code == "file.missing"


def test_what_a_student_sees_comes_back_too(good, hour, tmp_path):
    unpack(good, tmp_path / "in", MOST)
    lesson = Lesson(kinds())
    for row in rows_of(tmp_path / "in" / "events.jsonl"):
        lesson.take(kinds().fact(row))
    assert lesson.views(Role.student) == hour.lesson.views(Role.student)
    some = next(iter(hour.lesson.people.students())).id
    assert lesson.mine(some) == hour.lesson.mine(some)
