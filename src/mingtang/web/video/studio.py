"""Where videos are made, one at a time on this machine, each in a folder below `readings/video` that tells how far it
is: so any worker can say so, and what was begun goes on after a restart when it is asked for again."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

import mingtang
from mingtang.activities import kinds
from mingtang.readings.chunks import erased_since
from mingtang.readings.lessonfile.packing import assets_of
from mingtang.readings.video.job import CANCEL, JOB, LOCK, OUT, Job, State, put_job, state_of, tell
from mingtang.stores.reading import LogReader
from mingtang.web.confined import Bounds, run
from mingtang.web.decks.shelf import Shelf
from mingtang.web.words import LANGUAGES, catalogue

log = logging.getLogger(__name__)
LANE = "video"
HERE = Path(__file__).parent
FORMS = ("mp4", "webm")
STEPS = ("page", "board", "note", "poll", "peer", "timer", "break")
BOUNDS = Bounds(memory_mb=3072, seconds=24 * 3600, file_mb=32_000)
SPARE = 500_000_000  # bytes of disk that are left to the lessons
TRIES_S = 0.5
PICTURE = "1600.webp"


def words(language: str) -> dict[str, str]:
    language = language if language in LANGUAGES else "en"
    return {kind: catalogue(language, HERE)[f"video.step_{kind}"] for kind in STEPS}


def prepare(reader: LogReader, place: Path, lesson: str, media: Path, assets: Path, language: str) -> list[str] | None:
    """Puts the job into its folder, unless the video there is of the same log and recordings. The pages that it needs;
    None for an unknown lesson. What was made of another log goes. Runs in a reading process."""
    rows = reader.rows(lesson)
    if not rows:
        return None
    key = _key(rows[-1].seq, language, media / lesson)
    if (known := _known(place)) is not None and known.key != key:
        shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (place / f"{OUT}.{place.name}").exists():
        return []
    job = Job(lesson, place.name, str(media.absolute()), str(assets.absolute()), words(language), key, rows[-1].seq)
    put_job(place, job, rows)
    return assets_of(kinds().fact(row) for row in rows)


def _key(seq: int, language: str, media: Path) -> str:
    files = sorted(media.glob("*.objects"))
    told = [seq, language, mingtang.__version__, [(file.name, file.stat().st_size) for file in files]]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def _known(place: Path) -> Job | None:
    try:
        return msgspec.json.decode((place / JOB).read_bytes(), type=Job)
    except (OSError, msgspec.MsgspecError):
        return None


def outlived(reader: LogReader, root: Path, lesson: str) -> bool:
    """Whether a person was erased since a video of this lesson was made, or begun. Runs in a reading process."""
    places = [place for form in FORMS if (place := root / lesson / form).is_dir()]
    jobs = [_known(place) for place in places]
    return any(erased_since(reader, lesson, job.seq if job else 0) for job in jobs)


class Studio:
    """`root` is the folder of all videos. One that is lost can be made again."""

    def __init__(self, root: Path, shelf: Shelf) -> None:
        self.root, self._shelf = root.absolute(), shelf
        self._tasks: dict[Path, asyncio.Task[None]] = {}

    def place(self, lesson: str, form: str) -> Path:
        return self.root / lesson / form

    def state(self, lesson: str, form: str) -> State:
        """Of one that nobody makes any more, though it says so, "stopped"."""
        place = self.place(lesson, form)
        told = state_of(place)
        if told.state == "ready" and not (place / f"{OUT}.{form}").exists():
            return State("none")
        if told.state in ("running", "waiting") and not self._made(place):
            return State("stopped", told.share)
        return told

    def _made(self, place: Path) -> bool:
        try:
            with _lock(place / LOCK):
                return False
        except (BlockingIOError, OSError):
            return place.exists()

    def begin(self, place: Path, assets: list[str]) -> None:
        """After `prepare`. Of one that is being made already, here or elsewhere, nothing changes."""
        held = contextlib.ExitStack()
        with contextlib.suppress(BlockingIOError):
            held.enter_context(_lock(place / LOCK))
            (place / CANCEL).unlink(missing_ok=True)
            tell(place, State("waiting"))
            self._tasks[place] = asyncio.create_task(self._begun(place, assets, held), name="video")

    def cancel(self, lesson: str, form: str) -> None:
        """The process looks for the sign a few times a second."""
        place = self.place(lesson, form)
        if place.is_dir():
            (place / CANCEL).touch()

    def forget(self, lesson: str) -> None:
        """Of a lesson in which a person was erased, or that was taken away, nothing may be left."""
        for form in FORMS:
            if (task := self._tasks.pop(self.place(lesson, form), None)) is not None:
                task.cancel()
        shutil.rmtree(self.root / lesson, ignore_errors=True)

    async def close(self) -> None:
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _begun(self, place: Path, assets: list[str], held: contextlib.ExitStack) -> None:
        with held:
            try:
                await self._in_turn(place, assets)
            except OSError as error:
                log.warning("a video could not be made: %s", error)
                with contextlib.suppress(OSError):
                    tell(place, State("failed", code="video.failed", params={"reason": str(error)[:300]}))

    async def make(self, place: Path, assets: list[str]) -> State:
        """Waits for the end. Raises OSError, BlockingIOError when another process makes this one already."""
        with _lock(place / LOCK):
            (place / CANCEL).unlink(missing_ok=True)
            return await self._in_turn(place, assets)

    async def _in_turn(self, place: Path, assets: list[str]) -> State:
        """One at a time, whichever process makes it."""
        with contextlib.ExitStack() as turn:
            while not (place / CANCEL).exists():
                try:
                    turn.enter_context(_lock(self.root / LOCK))
                except BlockingIOError:
                    await asyncio.sleep(TRIES_S)
                else:
                    return await self._run(place, assets)
        tell(place, State("cancelled", code="video.cancelled"))
        return state_of(place)

    async def _run(self, place: Path, assets: list[str]) -> State:
        if shutil.disk_usage(place).free < SPARE:
            tell(place, State("failed", code="video.disk_full"))
            return state_of(place)
        for asset in assets:
            await asyncio.to_thread(self._shelf.read, asset, PICTURE)  # brought here where pictures lie elsewhere
        command = (sys.executable, "-P", "-m", "mingtang.readings.video.work", str(place))
        ended = await run(command, place, BOUNDS)
        told = state_of(place)
        if told.state not in ("ready", "failed", "cancelled"):
            log.warning("the video process ended", extra={"data": {"status": ended.status, "said": ended.said}})
            code = "video.too_big" if ended.starved else "video.failed"
            told = State("failed", told.share, code, {"reason": f"{ended.status}"})
            tell(place, told)
        return told


@contextlib.contextmanager
def _lock(file: Path) -> Iterator[None]:
    """Goes with the process, however it ends. Raises BlockingIOError when another has it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
