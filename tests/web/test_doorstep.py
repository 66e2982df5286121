"""The server listens before it is loaded: who comes back in that second waits, and need not try again."""

import socket
import subprocess
import sys

import pytest

from mingtang.settings import load
from mingtang.web.doorstep import listening
from mingtang.web.trouble import Trouble

HEAVY = {"litestar", "sqlalchemy", "uvicorn", "cryptography", "asyncio", "PIL", "av"}


def test_nothing_heavy_is_loaded_before_it_listens():
    said = "import sys, mingtang.cli.serve; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.split()
    assert "mingtang.web.doorstep" in loaded
    assert not HEAVY & set(loaded)


def test_who_comes_before_anybody_answers_is_not_turned_away():
    with listening(load({"host": "127.0.0.1", "port": "0", "tls": "own", "tls_port": "0"}, {})) as sockets:
        for sock in sockets:
            with socket.create_connection(sock.getsockname()) as early:
                early.sendall(b"GET / HTTP/1.1\r\n")
                answered, _ = sock.accept()
                with answered:
                    assert answered.recv(3) == b"GET"


def test_a_port_that_is_taken_leaves_the_other_free():
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as probe:
        free, busy = probe.getsockname()[1], taken.getsockname()[1]
        probe.close()
        with (
            pytest.raises(Trouble),
            listening(load({"host": "127.0.0.1", "port": str(free), "tls": "own", "tls_port": str(busy)}, {})),
        ):
            pass
        socket.create_server(("127.0.0.1", free)).close()
