"""Recording: written while it is on, of those who consent, and nothing else; what cannot be written is said to all."""

from __future__ import annotations

import errno
import json
import os

import pytest

from mingtang.activities import kinds
from mingtang.readings.recorded import recorded
from mingtang.stores.media.objects import Kind, read
from mingtang.stores.media.reel import Reel
from mingtang.stores.reading import open_reader
from mingtang.web.folder import Folder
from mingtang.web.media import writer
from mingtang.web.node import open_node
from tests.web.recording import Taught, taught_on


@pytest.fixture
async def taught(node, lesson):
    return await taught_on(node, lesson["id"])


async def test_while_recording_is_off_nothing_is_written_anywhere(taught):
    taught.send(1, 20)
    taught.send(2, 20)
    await taught.node.recorder.close()  # whatever was to be written is
    assert taught.everything_on_disk() == []
    assert not taught.node.reels.folder.exists()


async def test_what_is_sent_while_it_is_on_is_written_whole_and_nothing_of_before_and_after(taught):
    taught.send(1, 10)
    await taught.does("media.record", on=True)
    taught.send(1, 10)
    taught.send(2, 5)
    await taught.does("media.record", on=False)
    taught.send(1, 10)
    taught.send(2, 5)
    await taught.does("media.record", on=True)
    taught.send(1, 10)
    await taught.until(lambda: taught.stored(1) == [*range(10, 20), *range(30, 40)])
    assert taught.stored(2) == [0, 1, 2, 3, 4]
    first = next(Reel(taught.file(1), 1).objects(0, 1 << 47))
    assert read(first).kind is Kind.configuration  # it came before recording was on, and nothing decodes without it


async def test_who_did_not_consent_is_not_written_and_may_say_so_at_any_time(node, lesson):
    taught = await taught_on(node, lesson["id"], consent=False)
    await taught.does("media.record", on=True)
    taught.send(1, 3)
    taught.send(2, 3)
    await taught.until(lambda: len(taught.stored(1)) == 3)
    assert taught.everything_on_disk() == [str(taught.file(1))]
    await taught.does("media.consent", "ada", on=True)
    taught.send(2, 3)
    await taught.until(lambda: taught.stored(2) == [3, 4, 5])
    await taught.does("media.consent", "ada", on=False)
    taught.send(2, 3)
    await node.recorder.close()
    assert taught.stored(2) == [3, 4, 5]


async def test_the_log_tells_which_groups_are_stored_where_and_the_file_proves_it(taught):
    await taught.does("media.record", on=True)
    for second in range(3):
        taught.send(1, 10, second * 2)
    await taught.does("media.record", on=False)
    taught.send(1, 1, 6)  # after it: this is how the recorder learns that it is over
    await taught.until(lambda: taught.media.tracks[1].stored_until)
    assert await told(taught, "media.stored") == in_the_file(taught)


async def test_the_last_groups_of_a_lesson_that_has_ended_stand_in_its_log_too(taught, monkeypatch):
    monkeypatch.setattr(writer, "IDLE_S", 0.1)
    await taught.does("media.record", on=True)
    for second in range(3):
        taught.send(1, 10, second * 2)
    await taught.does("lesson.end")
    await taught.until(lambda: len(taught.stored(1)) == 30)
    await taught.until(lambda: taught.media.tracks[1].stored_until == Reel(taught.file(1), 1).groups[-1].time)
    assert await told(taught, "media.stored") + await told(taught, "media.stored_late") == in_the_file(taught)
    assert await told(taught, "media.stored_late")
    known = recorded(open_reader(str(taught.node.folder.log)), taught.id)
    assert [(1, *group) for group in known.tracks[1].groups] == in_the_file(taught)


async def told(taught, kind):
    """The groups that the log tells of in facts of this kind."""
    await taught.node.hall.look(taught.id)  # what is folded may not be written yet
    rows = open_reader(str(taught.node.folder.log)).rows(taught.id)
    return [tuple(one) for fact in map(kinds().fact, rows) if fact.kind == kind for one in fact.event.groups]


def in_the_file(taught):
    reel = Reel(taught.file(1), 1)
    ends = [group.offset for group in reel.groups[1:]] + [reel.end]
    return [(1, g.time, g.offset, end - g.offset) for g, end in zip(reel.groups, ends, strict=True)]


async def test_when_the_disk_is_full_the_lesson_goes_on_and_every_screen_says_why(taught, monkeypatch):
    await taught.does("media.record", on=True)
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", _no_space)
        taught.send(1, 3)
        await taught.until(lambda: not taught.media.recording)
    views = taught.node.hall.door(taught.id).task.lesson
    assert {views.view(role, "media")["trouble"] for role in ("teacher", "student", "wall")} == {"full"}
    assert await taught.does("slides.insert", id="b1", kind="board")
    taught.send(1, 3)
    await taught.does("media.record", on=True)  # there is room again
    taught.send(1, 3)
    await taught.until(lambda: taught.stored(1) == [6, 7, 8])
    assert read(next(Reel(taught.file(1), 1).objects(0, 1 << 47))).kind is Kind.configuration
    assert "trouble" not in taught.node.hall.door(taught.id).task.lesson.view("student", "media")


def _no_space(file, data, place):
    raise OSError(errno.ENOSPC, "No space left on device")


async def test_what_may_be_recorded_of_a_lesson_has_an_end(settings, lesson_on):
    async with lesson_on(media_mb=1) as taught:
        await taught.does("media.record", on=True)
        for n in range(12):
            taught.send(1, 1000, n)
        await taught.until(lambda: not taught.media.recording)
        assert taught.media.trouble == "quota"


async def test_what_one_lesson_may_not_record_any_more_another_beside_it_may(lesson_on):
    async with lesson_on(media_mb=1) as taught:
        other = await another_on(taught.node)
        for one in (taught, other):
            await one.does("media.record", on=True)
            one.send(1, 10)
        for n in range(12):
            taught.send(1, 1000, n)
            other.send(1, 10, n)
        await taught.until(lambda: not taught.media.recording)
        other.send(1, 10, 12)
        await other.until(lambda: other.stored(1) == list(range(140)))
        assert (taught.media.trouble, other.media.trouble, bool(other.media.recording)) == ("quota", "", True)


async def test_a_disk_that_is_full_ends_every_recording_and_each_begins_anew_with_what_decodes(lesson_on, monkeypatch):
    async with lesson_on() as taught:
        lessons = [taught, await another_on(taught.node)]
        for one in lessons:
            await one.does("media.record", on=True)
            one.send(1, 3)
            await one.until(lambda one=one: one.stored(1) == [0, 1, 2])
        with monkeypatch.context() as full:
            full.setattr(os, "pwrite", _no_space)
            for one in lessons:
                one.send(1, 3)
                await one.until(lambda one=one: not one.media.recording)
        for one in lessons:
            assert one.media.trouble == "full"
            await one.does("media.record", on=True)  # there is room again
            one.send(1, 3)
            await one.until(lambda one=one: one.stored(1) == [0, 1, 2, 6, 7, 8])


async def another_on(node):
    """A second lesson on the same node."""
    await node.hall.create("l2", "Groups", "654321")
    teacher = {"id": node.seals.teacher_member("l2"), "name": "T", "role": "teacher", "seat": "room"}
    await node.hall.submit("l2", node.hall.kinds.command("roster.admit", json.dumps(teacher).encode()))
    return await taught_on(node, "l2")


@pytest.fixture
def lesson_on(settings):
    import contextlib
    from dataclasses import replace

    @contextlib.asynccontextmanager
    async def begin(**more):
        folder = Folder(settings.data)
        folder.prepare()
        async with open_node(replace(settings, **more), folder, "http://x") as node:
            await node.hall.create("l1", "Sets", "123456")
            teacher = {"id": node.seals.teacher_member("l1"), "name": "T", "role": "teacher", "seat": "room"}
            command = node.hall.kinds.command("roster.admit", json.dumps(teacher).encode())
            await node.hall.submit("l1", command)
            yield await taught_on(node, "l1")

    return begin


async def test_after_a_restart_it_goes_on_in_the_same_file_and_what_the_log_missed_is_told(lesson_on, settings):
    async with lesson_on() as taught:
        await taught.does("media.record", on=True)
        taught.send(1, 10)
        taught.send(1, 10, 2)
        await taught.until(lambda: len(taught.stored(1)) == 20)
        size = taught.file(1).stat().st_size
        taught.node.recorder._hear = lambda news: None  # as after a kill: nobody is told of it
        taught.node.recorder._writer._told = lambda news: None
    with taught.file(1).open("ab") as torn:
        torn.write(b"\0\0\1\0half an obj")
    async with open_node(settings, Folder(settings.data), "http://x") as node:
        await node.hall.open("l1")
        again = Taught(node, "l1", "ada")
        again.sent[1] = 20
        assert again.media.recording
        again.send(1, 5, 4)
        await again.until(lambda: again.stored(1) == list(range(25)))
        await again.until(lambda: again.media.tracks[1].stored_until)
        assert again.media.tracks[1].stored == size - Reel(again.file(1), 1).groups[0].offset


async def test_two_nodes_never_write_one_track(lesson_on, settings, tmp_path):
    from mingtang.stores.media.writing import Writing

    async with lesson_on() as taught:
        await taught.does("media.record", on=True)
        other = Writing(taught.file(1), 1)
        taught.send(1, 5)
        taught.send(2, 5)
        await taught.until(lambda: len(taught.stored(2)) == 5)
        assert taught.stored(1) == []
        other.close()  # its sender has come here
        await taught.until(lambda: taught.stored(1) == [0, 1, 2, 3, 4])


async def test_a_clock_that_is_far_off_is_not_put_into_the_file(taught):
    await taught.does("media.record", on=True)
    taught.send(1, 3, -3600)
    taught.send(1, 3)
    await taught.until(lambda: taught.stored(1) == [3, 4, 5])


def test_a_writer_that_is_told_to_end_while_it_goes_to_sleep_ends(tmp_path, monkeypatch):
    from mingtang.stores.media.reels import Reels
    from mingtang.web.media.writer import Writer

    made = Writer(Reels(tmp_path), 1, lambda news: None)
    still = made._bell.clear

    def late():
        made._closing.set()
        made._bell.set()
        still()

    monkeypatch.setattr(made._bell, "clear", late)
    made.pause("l1", 1)  # wakes it; it finds nothing to do
    made._thread.join(20)
    assert not made._thread.is_alive()
