"""What becomes of recordings: erased with their sender, gone in time, in backups and lesson files, seen by doctor."""

from __future__ import annotations

import asyncio
import zipfile
from pathlib import Path

import pytest

from mingtang.readings.lessonfile.layout import BadFile, Manifest
from mingtang.readings.lessonfile.opening import unpack
from mingtang.readings.lessonfile.packing import pack
from mingtang.stores.media.objects import Head, Kind
from mingtang.stores.media.objects import pack as an_object
from mingtang.stores.reading import open_reader
from mingtang.web.examination import examine
from mingtang.web.folder import Folder
from mingtang.web.keeping.backup import back_up
from mingtang.web.keeping.restore import restore
from tests.readings.lessons import contents, write
from tests.web.recording import Taught, taught_on

DAY = 24 * 3600 * 1000


@pytest.fixture
async def taught(node, lesson):
    """Both are recorded; the log tells of it, and recording is off again."""
    one = await taught_on(node, lesson["id"])
    await one.does("media.record", on=True)
    one.send(1, 20)
    one.send(2, 10)
    await one.until(lambda: len(one.stored(1)) == 20)
    await one.does("media.record", on=False)
    one.send(1, 1)
    one.send(2, 1)
    await one.until(lambda: all(one.media.tracks[track].stored for track in (1, 2)))
    return one


async def test_with_a_person_his_recordings_go_and_nothing_more_is_recorded_of_him(taught, teacher):
    wanted = {"lesson": taught.id, "member": "ada"}
    told = (await teacher.post("/api/teach/erase", json=wanted)).json()
    assert told["people"][0]["tracks"] == [2]
    assert taught.file(2).stat().st_size > 0
    assert (await teacher.post("/api/teach/erase", json=wanted | {"really": True})).status_code == 200
    assert taught.file(2).read_bytes() == b""
    assert len(taught.stored(1)) == 20
    await taught.does("media.record", on=True)
    taught.send(2, 5)
    taught.send(1, 5)
    await taught.until(lambda: len(taught.stored(1)) == 25)
    assert taught.file(2).read_bytes() == b""
    assert weights(taught.node.folder)["bad"] == []  # it was taken away, and not lost


def weights(folder: Folder) -> dict[str, list[str]]:
    found = {"bad": [], "poor": [], "good": []}
    for one in examine(folder):
        found[one.weight].append(one.code)
    return found


async def test_recordings_may_go_before_their_lesson_and_go_with_it_at_the_latest(taught, teacher, monkeypatch):
    await taught.does("lesson.end")
    await teacher.get("/api/teach/lessons")  # which is when the catalog learns of the end
    row = next(row for row in await taught.node.catalog.lessons() if row.id == taught.id)
    monkeypatch.setattr(taught.node.retention, "_media_days", 10)
    monkeypatch.setattr(taught.node.retention, "_days", 100)

    async def kept_after(days):
        taught.node.hall.clock = lambda: row.ended + days * DAY
        due = (await taught.node.retention.outlook()).media_due
        await taught.node.retention.keep_house()
        return due, taught.node.reels.size(taught.id) > 0, await taught.node.catalog.lesson(taught.id) is not None

    assert await kept_after(9) == (0, True, True)
    assert await kept_after(11) == (1, False, True)
    assert await kept_after(12) == (0, False, True)
    assert await kept_after(101) == (0, False, False)
    assert taught.everything_on_disk() == []


async def test_a_backup_has_the_recordings_unless_they_are_left_out(taught, tmp_path):
    whole, small = tmp_path / "whole.zip", tmp_path / "small.zip"
    await asyncio.to_thread(back_up, taught.node.folder, whole, keys=False)
    await asyncio.to_thread(back_up, taught.node.folder, small, keys=False, media=False)
    await asyncio.to_thread(restore, whole, tmp_path / "again")
    for track in (1, 2):
        copy = tmp_path / "again" / "media" / taught.id / f"{track}.objects"
        assert copy.read_bytes() == taught.file(track).read_bytes()
    assert [name for name in zipfile.ZipFile(small).namelist() if "media" in name] == []


async def exported(taught: Taught, out: Path, upto: int | None = None, media: bool = True) -> Manifest:
    reader = open_reader(str(taught.node.folder.log))
    reels = taught.node.reels if media else None
    return await asyncio.to_thread(pack, reader, taught.id, taught.node.folder.assets, out, upto, None, reels)


async def test_a_lesson_file_carries_the_recordings_and_another_lesson_is_made_of_it(taught, teacher, tmp_path):
    before = {track: taught.file(track).read_bytes() for track in (1, 2)}
    answer = await teacher.get(f"/api/teach/lessons/{taught.id}/lesson.mingtang")
    assert answer.status_code == 200
    made = await teacher.post("/api/teach/import", content=answer.content, params={"copy": "true"})
    assert made.status_code == 201, made.text
    copy = made.json()["id"]
    assert {track: taught.node.reels.place(copy, track).read_bytes() for track in (1, 2)} == before
    told = (await teacher.get(f"/api/media/{copy}")).json()
    assert (sorted(told["tracks"]), told["live"]) == (["1", "2"], False)
    small = await teacher.get(f"/api/teach/lessons/{taught.id}/lesson.mingtang", params={"media": "false"})
    assert len(small.content) < len(answer.content) - sum(map(len, before.values())) + 1000
    manifest = await exported(taught, tmp_path / "small", media=False)
    assert (manifest.version, [name for name in manifest.entries if "media" in name]) == (1, [])
    early = await exported(taught, tmp_path / "early", upto=3)  # before there was a track
    assert [name for name in early.entries if "media" in name] == []


async def test_a_recording_that_is_none_or_belongs_to_no_track_is_refused(taught, tmp_path):
    await exported(taught, tmp_path / "good.mingtang")
    good = contents(tmp_path / "good.mingtang")
    track = good["media/1.objects"]
    stranger = an_object(Head(Kind.picture, 9, 0, 1, key=True), b"strange")
    wrong = {
        "torn": ({**good, "media/1.objects": track[:-3]}, "file.bad_media"),
        "flipped": ({**good, "media/1.objects": track[:35] + b"\xff" * 4 + track[39:]}, "file.bad_media"),
        "empty": ({**good, "media/1.objects": b""}, "file.bad_media"),
        "another track's": ({**good, "media/1.objects": good["media/2.objects"]}, "file.bad_media"),
        "no track": ({**good, "media/9.objects": len(stranger).to_bytes(4, "big") + stranger}, "file.stray"),
        "a path": ({**good, "media/../1.objects": track}, "file.hostile"),
        "no number": ({**good, "media/x.objects": track}, "file.hostile"),
    }
    for name, (entries, code) in wrong.items():
        into = tmp_path / f"into {name}"
        into.mkdir()
        with pytest.raises(BadFile) as bad:
            unpack(write(tmp_path / name.replace(" ", "-"), entries), into, 100_000_000)
        assert bad.value.code == code, name


async def test_the_doctor_names_what_is_damaged_missing_or_too_much_of_recordings(taught):
    folder, file = taught.node.folder, taught.file(1)
    whole = file.read_bytes()
    assert weights(folder)["bad"] == []
    assert "examined.media_seen" in weights(folder)["good"]
    file.write_bytes(whole + b"half")
    assert weights(folder)["poor"] == ["examined.media_torn"]
    file.write_bytes(whole[: len(whole) // 2])
    assert weights(folder)["bad"] == ["examined.media_short"]
    damaged = bytearray(whole)
    damaged[700:704] = b"\xff" * 4
    for place in range(600, 900):
        damaged[place] = 0xFF
    file.write_bytes(damaged)
    assert weights(folder)["bad"] == ["examined.media_damaged"]
    file.unlink()
    assert weights(folder)["bad"] == ["examined.media_lost"]
    file.write_bytes(whole)
    taught.node.reels.place("gone1", 1).parent.mkdir()
    taught.node.reels.place("gone1", 1).write_bytes(whole)
    assert weights(folder)["poor"] == ["examined.media_spare"]
