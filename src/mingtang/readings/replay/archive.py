"""Journals as files, made when they are asked for and followed while a lesson goes on. Runs in a reading process of its
own. The files may be deleted at any time: they are made again from the log, byte for byte."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import shutil
import time
from collections import OrderedDict, deque
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

import mingtang
from mingtang.activities import kinds
from mingtang.core.event import Row
from mingtang.core.member import Role
from mingtang.core.upcast import Unreadable
from mingtang.readings.replay.journal import Journal
from mingtang.readings.replay.track import encode, packed
from mingtang.stores import StoreFailed
from mingtang.stores.reading import LogReader

ROWS_AT_ONCE = 500
MOST_OPEN = 6  # journals being followed, each with a folded lesson
TAILS = 4  # versions of a chunk that still grows, for those who have just been told of an older one
LATE = ".answered_late"


class Told(Struct):
    """`index` is gzipped JSON (journal.Index), ready to be sent."""

    index: bytes
    ended: bool
    more: bool


class About(Struct):
    """Of an ended lesson: where its log ended, and what was right, by activity and question."""

    seq: int
    rights: dict[str, dict[str, Any]]


@cache
def program() -> str:
    """Names the program that makes these files: another one may see the same log otherwise."""
    home = Path(mingtang.__file__).parent
    total = hashlib.sha256()
    for part in ("core", "activities", "readings/replay"):
        for path in sorted((home / part).rglob("*.py")):
            total.update(path.relative_to(home).as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:16]


def folder_of(root: Path, lesson: str, role: Role) -> Path:
    return root / program() / lesson / role.value


class Growing:
    """One role's journal of one lesson, as far as it has been read."""

    def __init__(self, folder: Path, role: Role) -> None:
        self.folder = folder
        self.journal = Journal(kinds(), role, self._keep)
        self._after = 0
        self._tails: dict[str, deque[str]] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def read(self, log: LogReader, lesson: str, now: int, seconds: float) -> bool:
        """Reads on for about so many seconds; True when there is more to read."""
        until = time.monotonic() + seconds
        while not self.journal.ended:
            rows = log.rows(lesson, self._after, ROWS_AT_ONCE)
            for row in rows:
                self.journal.take(_fact(lesson, row))
            self._after = rows[-1].seq if rows else self._after
            if len(rows) < ROWS_AT_ONCE:
                break
            if time.monotonic() >= until:
                return True
        self.journal.settle(now)
        return False

    @property
    def empty(self) -> bool:
        return self._after == 0

    def tell(self, more: bool) -> Told:
        index = self.journal.index(more)
        told = Told(packed(index), self.journal.ended, more)
        if self.journal.ended:
            self._finish(told)
        else:
            for part, cuts in index.tracks.items():
                if cuts:
                    self._let_go(part, cuts[-1].name, {cut.name for cut in cuts})
        return told

    def _let_go(self, part: str, tail: str, known: set[str]) -> None:
        tails = self._tails.setdefault(part, deque())
        if not tails or tails[-1] != tail:
            tails.append(tail)
        while len(tails) > TAILS:
            if (old := tails.popleft()) not in known:
                (self.folder / f"{old}.json.gz").unlink(missing_ok=True)

    def _finish(self, told: Told) -> None:
        """The index comes last: where it is, everything is."""
        lesson = self.journal.lesson
        (self.folder / "mine").mkdir(mode=0o700, exist_ok=True)
        for member in self.journal.own:
            _write(self.folder / "mine" / f"{member}.json.gz", gzip.compress(self.frames(member), 6, mtime=0))
        views = {name: lesson.view(Role.teacher, name) or {} for name in ("poll", "peer")}
        rights = {
            name: {id: item["right"] for id, item in view.items() if "right" in item} for name, view in views.items()
        }
        _write(self.folder / "about.json", encode(About(lesson.seq, rights)))
        _write(self.folder / "index.json.gz", told.index)

    def frames(self, member: str) -> bytes:
        own = self.journal.own.get(member)
        return b"[" + b",".join(own.frames if own else ()) + b"]"

    def _keep(self, name: str, data: bytes) -> None:
        path = self.folder / f"{name}.json.gz"
        if not path.exists():
            _write(path, data)


_open: OrderedDict[Path, Growing] = OrderedDict()


def follow(log: LogReader, root: str, lesson: str, role: str, now: int, seconds: float = 0.3) -> Told | None:
    """The journal's index as far as the log could be read in about so many seconds; None for an unknown lesson. Raises
    StoreFailed."""
    folder = folder_of(Path(root), lesson, Role(role))
    with contextlib.suppress(OSError):
        return Told((folder / "index.json.gz").read_bytes(), ended=True, more=False)
    try:
        growing = _growing(folder, Role(role))
        more = growing.read(log, lesson, now, seconds)
        if growing.empty:
            forget(log, root, lesson)
            return None
        told = growing.tell(more)
    except OSError as error:
        raise StoreFailed(f"The journal of lesson {lesson} cannot be kept: {error}.") from error
    if told.ended:
        _open.pop(folder, None)
    return told


def own(log: LogReader, root: str, lesson: str, member: str, now: int) -> bytes:
    """What the member alone saw, as gzipped JSON: `frames` [at, seq, patch] from {} on, and by activity and question
    the late answers with what was right. Raises StoreFailed."""
    folder = folder_of(Path(root), lesson, Role.student)
    told = follow(log, root, lesson, Role.student, now)
    frames, late = b"[]", Late()
    if told is not None and folder in _open:
        frames = _open[folder].frames(member)
    elif told is not None:
        with contextlib.suppress(FileNotFoundError):
            frames = gzip.decompress((folder / "mine" / f"{member}.json.gz").read_bytes())
        late = _late(log, folder, lesson, member)
    return gzip.compress(b'{"frames":' + frames + b',"late":' + encode(late) + b"}", 6, mtime=0)


Late = dict[str, dict[str, dict[str, Any]]]


def _late(log: LogReader, folder: Path, lesson: str, member: str) -> Late:
    about = msgspec.json.decode((folder / "about.json").read_bytes(), type=About)
    late: Late = {}
    for row in log.rows(lesson, about.seq):
        if row.by == member and row.kind.endswith(LATE):
            activity, said = row.kind.removesuffix(LATE), msgspec.json.decode(row.data)
            right = about.rights.get(activity, {}).get(said["id"])
            told = {"answer": said["answer"]} | ({} if right is None else {"right": right})
            late.setdefault(activity, {})[said["id"]] = told
    return late


def forget(log: LogReader, root: str, lesson: str) -> None:
    """Throws everything away that was made of this lesson: its log was changed, or files of it are missing."""
    for role in Role:
        _open.pop(folder_of(Path(root), lesson, role), None)
    for made_by in Path(root).glob("*"):
        shutil.rmtree(made_by / lesson, ignore_errors=True)


def _growing(folder: Path, role: Role) -> Growing:
    growing = _open.get(folder)
    if growing is None or not folder.is_dir():
        _sweep(folder.parent.parent)
        growing = _open[folder] = Growing(folder, role)
    _open.move_to_end(folder)
    while len(_open) > MOST_OPEN:
        _open.popitem(last=False)
    return growing


@cache
def _sweep(made_by: Path) -> None:
    """What another program made is of no use to this one."""
    for other in made_by.parent.glob("*"):
        if other.name != made_by.name:
            shutil.rmtree(other, ignore_errors=True)


def _fact(lesson: str, row: Row) -> Any:
    try:
        return kinds().fact(row)
    except (msgspec.MsgspecError, Unreadable) as error:
        raise StoreFailed(f"Record {row.seq} of lesson {lesson} cannot be read: {error}.") from error


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all to whoever reads beside; a power cut may take it, as it can be made again."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_bytes(data)
    os.replace(draft, path)
