"""The program that puts recorded tracks into one file: python -m mingtang.readings.video.parcel JOB, where the job is
JSON. It is started limited and apart from the server; what it did is said in one line of JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from mingtang.readings.video.carrying import carry
from mingtang.readings.video.offers import Carried, Parcel, Told
from mingtang.readings.video.work import failed
from mingtang.stores.media.reel import Reel

EVER = 1 << 60


def run(parcel: Parcel) -> Told:
    try:
        (main, file), *others = parcel.tracks
        tracks = [Reel(Path(file), main).objects(0, EVER)]
        tracks += [Reel(Path(file), no).objects(parcel.begin, parcel.end) for no, file in others]
        carried = carry(Path(parcel.to), tracks, parcel.form)
    except OSError as error:  # also what FFmpeg says
        return Told(Carried(), failed(error).code)
    return Told(carried, "" if carried.pictures or carried.sounds else "video.nothing")


def main() -> None:
    told = run(msgspec.json.decode(sys.argv[1], type=Parcel))
    sys.stdout.buffer.write(msgspec.json.encode(told))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
