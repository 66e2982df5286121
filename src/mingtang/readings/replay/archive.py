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
from mingtang.core.erasing import Progress
from mingtang.core.event import Row
from mingtang.core.member import Role
from mingtang.core.upcast import Unreadable
from mingtang.readings.chunks import chunks, erased_since
from mingtang.readings.replay.journal import Journal
from mingtang.readings.replay.track import encode, packed
from mingtang.stores import StoreFailed
from mingtang.stores.reading import LogReader

ROWS_AT_ONCE = 500
MOST_OPEN = 6  # journals being followed, each with a folded lesson
TAILS = 4  # versions of a chunk that still grows, for those who have just been told of an older one
LATE = ".answered_late"


class Told(Struct):
    """`index` is gzipped JSON (journal.Index), ready to be sent. `erased`: the place where a person was last erased."""

    index: bytes
    ended: bool
    more: bool
    erased: int = 0


class About(Struct):
    """Of an ended lesson: where it ended, what was right, by activity and question, how far its log was looked through
    behind that, and where a person was last erased."""

    seq: int
    rights: dict[str, dict[str, Any]]
    upto: int
    erased: int


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
        self.folder, self._role = folder, role
        self.progress = Progress()
        self._begin()

    def _begin(self) -> None:
        """Files that were made before a person was erased go, once: who shares the folder makes the same ones."""
        self.journal = Journal(kinds(), self._role, self._keep)
        self._tails: dict[str, deque[str]] = {}
        mark = self.folder / f"erased-{self.progress.known}"
        if self.progress.known and not mark.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.progress.known:
            mark.touch()

    def read(self, log: LogReader, lesson: str, now: int, seconds: float) -> bool:
        """Reads on for about so many seconds; True when there is more to read. Also behind the lesson's end: who was
        erased afterwards is told of there."""
        until = time.monotonic() + seconds
        for rows in chunks(log, lesson, self.progress, ROWS_AT_ONCE):
            if rows[0].seq == 1:
                self._begin()
            for row in rows if not self.journal.ended else ():
                self.journal.take(_fact(lesson, row))
            if len(rows) == ROWS_AT_ONCE and time.monotonic() >= until:
                return True
        self.journal.settle(now)
        return False

    @property
    def empty(self) -> bool:
        return self.journal.lesson.seq == 0

    def tell(self, more: bool) -> Told:
        index = self.journal.index(more)
        told = Told(packed(index), self.journal.ended and not more, more, self.progress.known)
        if told.ended:
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
        about = About(lesson.seq, rights, self.progress.after, self.progress.known)
        _write(self.folder / "about.json", encode(about))
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
    if (finished := _finished(log, folder, lesson)) is not None:
        return finished
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


def _finished(log: LogReader, folder: Path, lesson: str) -> Told | None:
    """What was made of a lesson that is over, unless a person was erased since."""
    try:
        about = _about(folder)
        index = (folder / "index.json.gz").read_bytes()
    except (OSError, msgspec.MsgspecError):
        return None
    if erased_since(log, lesson, about.upto):
        return None
    return Told(index, ended=True, more=False, erased=about.erased)


def _about(folder: Path) -> About:
    return msgspec.json.decode((folder / "about.json").read_bytes(), type=About)


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
    about = _about(folder)
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
