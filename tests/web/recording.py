"""A lesson with people on the stage, for tests of what is recorded of it."""

from __future__ import annotations

import asyncio
import json

from mingtang.stores.media.objects import Head, Kind, pack, read
from mingtang.stores.media.reel import Reel


class Taught:
    """A lesson with a teacher and a remote student on the stage: track 1 is the teacher's camera, 2 Ada's voice."""

    def __init__(self, node, lesson, student):
        self.node, self.id, self.student = node, lesson, student
        self.teacher = node.seals.teacher_member(lesson)
        self.sent = {1: 0, 2: 0}

    async def does(self, wish, by=None, /, **data):
        who = self.teacher if by is None else by
        command = self.node.hall.kinds.command(wish, json.dumps(data).encode())
        return await self.node.hall.submit(self.id, command, who)

    def send(self, track, count, seconds=0.0):
        """So many objects, as if they came in by a socket; the first is a key. The codec is told once."""
        sender = self.teacher if track == 1 else self.student
        kind, codec = (Kind.picture, b'{"codec":"vp8"}') if track == 1 else (Kind.sound, b'{"codec":"opus"}')
        now = self.node.hall.clock() + int(seconds * 1000)
        for n in range(count):
            seq = self.sent[track]
            if seq == 0:
                self._publish(sender, pack(Head(Kind.configuration, track, 0, now), codec))
            key = kind is Kind.sound or n == 0
            self._publish(sender, pack(Head(kind, track, seq, now + n, key=key, span=20), b"x" * 100))
            self.sent[track] += 1

    def _publish(self, sender, data):
        self.node.hall.media.publish(self.id, sender, data)

    def file(self, track):
        return self.node.reels.place(self.id, track)

    def stored(self, track):
        if not self.file(track).exists():
            return []
        heads = [read(one) for one in Reel(self.file(track), track).objects(0, 1 << 47)]
        return [head.seq for head in heads if head.kind is not Kind.configuration]

    async def until(self, truth):
        async with asyncio.timeout(20):
            while not truth():  # noqa: ASYNC110 — a thread writes, and the file is what is looked at
                await asyncio.sleep(0.02)

    @property
    def media(self):
        return self.node.hall.door(self.id).task.lesson.states["media"]

    def everything_on_disk(self):
        return sorted(str(file) for file in self.node.reels.folder.rglob("*") if file.is_file())


async def taught_on(node, lesson, consent=True):
    one = Taught(node, lesson, "ada")
    member = {"id": "ada", "name": "Ada", "role": "student", "seat": "remote"}
    await one.does("roster.admit", "", **member)
    await one.does("media.enter")
    await one.does("media.start", source="camera", codec="vp8")
    await one.does("media.invite", member="ada")
    await one.does("media.enter", "ada", consent=consent)
    await one.does("media.start", "ada", source="microphone", codec="opus")
    return one
