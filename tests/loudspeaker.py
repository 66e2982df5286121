"""A loudspeaker that nobody hears, for a browser that plays no sound where there is none: PulseAudio without one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

PULSEAUDIO = shutil.which("pulseaudio")
PATIENCE_S = 20


class Loudspeaker:
    """`with Loudspeaker(folder) as loud`: `loud.environment` is for the programs that are to find it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "native"
        self.environment = {"PULSE_SERVER": f"unix:{self._socket}"}

    def __enter__(self) -> Loudspeaker:
        assert PULSEAUDIO is not None, "PulseAudio is not installed"
        self._folder.mkdir(parents=True, exist_ok=True)
        modules = ("module-null-sink", f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}")
        wanted = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [PULSEAUDIO, *wanted, *(f"--load={module}" for module in modules)],
                env={"HOME": str(self._folder), "XDG_RUNTIME_DIR": str(self._folder), "PATH": "/usr/bin:/bin"},
                stdout=log,
                stderr=log,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
