"""The examples of docs/run/tls-and-proxy.md, run as written: a real nginx, a real Caddy, TLS, a live socket."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from mingtang.live.media.objects import pack, read
from tests.house.tree import ROOT
from tests.server import Server
from tests.speaker import Speaker
from tools.recorded import Shot, picture

pytestmark = pytest.mark.slow
HOST = "lesson.example.org"
URL = f"https://{HOST}"
PATIENCE_S = 20


def example(mark: str) -> str:
    """The first block of the page with this mark that names our host."""
    text = (ROOT / "docs" / "run" / "tls-and-proxy.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"```{mark}\n(.*?)```", text, re.DOTALL)
    return next(block for block in blocks if HOST in block and "127.0.0.1:8123" in block)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    cert, key = tmp_path / "lesson.pem", tmp_path / "lesson.key"
    asked = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "2"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(cert), *asked]
    subprocess.run(made, check=True, capture_output=True)
    return cert, key


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data", public_url=URL, proxies="127.0.0.1").start()
    yield made
    made.stop()


def nginx(folder: Path, server: Server, port: int, cert: Path, key: Path) -> list[str]:
    told = example("nginx").replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    told = told.replace("127.0.0.1:8123", f"127.0.0.1:{server.port}")
    told = told.replace("/etc/ssl/lesson.pem", str(cert)).replace("/etc/ssl/lesson.key", str(key))
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; {user} pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}}\n"
        f"http {{ access_log off; {places}\n{told} }}"
    )
    return ["nginx", "-e", str(folder / "nginx.log"), "-c", str(config), "-p", str(folder)]


def caddy(folder: Path, server: Server, port: int, cert: Path, key: Path) -> list[str]:
    told = example("text").replace("127.0.0.1:8123", f"127.0.0.1:{server.port}")
    told = told.replace(f"{HOST} {{", f"https://{HOST}:{port} {{\n    bind 127.0.0.1\n    tls {cert} {key}")
    config = folder / "Caddyfile"
    config.write_text(f"{{\n    admin off\n    auto_https disable_redirects\n}}\n{told}")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(config)]


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(
    request: pytest.FixtureRequest, tmp_path: Path, server: Server, certificate: tuple[Path, Path]
) -> Iterator[int]:
    """The port on which the proxy serves the example's host."""
    make: Callable[..., list[str]] = request.param
    if shutil.which(make.__name__) is None and not os.environ.get("CI"):
        pytest.skip(f"{make.__name__} is not installed")
    port = free_port()
    env = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with (tmp_path / "proxy.log").open("wb") as log:
        command = make(tmp_path, server, port, *certificate)
        process = subprocess.Popen(command, stdout=log, stderr=log, env=env)
    try:
        _listening(port, process, tmp_path / "proxy.log")
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _listening(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text()[-2000:]


class Far:
    """Somebody who reaches the server by the proxy alone."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ssl = ssl.create_default_context()
        self._ssl.check_hostname, self._ssl.verify_mode = False, ssl.CERT_NONE
        self._client = httpx.Client(verify=self._ssl, timeout=PATIENCE_S)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Host": HOST, "Origin": URL, **more.pop("headers", {})}
        sni = {"sni_hostname": HOST}
        return self._client.request(
            method, f"https://127.0.0.1:{self._port}{path}", headers=headers, extensions=sni, **more
        )

    def socket(self, path: str, cookie: str) -> ClientConnection:
        way = socket.create_connection(("127.0.0.1", self._port))
        return connect(
            f"wss://{HOST}{path}", sock=way, ssl=self._ssl, origin=URL, additional_headers={"Cookie": cookie}
        )


def test_a_lesson_is_taught_through_the_proxy_of_the_example(proxy: int, server: Server) -> None:
    far = Far(proxy)
    key = {"Authorization": f"Bearer {(server.data / 'teacher.key').read_text().strip()}"}
    page = far.ask("GET", "/health")
    assert page.status_code == 200
    assert "max-age" in page.headers["strict-transport-security"]
    made = far.ask("POST", "/api/teach/lessons", headers=key, files={"title": (None, "Sets")}).json()
    assert made["url"].startswith(f"{URL}/j/")
    joined = far.ask("POST", f"/api/lessons/{made['code']}/join", json={"name": "Ada"})
    assert joined.status_code == 200, joined.text
    assert "Secure" in joined.headers["set-cookie"]
    cookie = joined.headers["set-cookie"].partition(";")[0]
    with far.socket(f"/live/{made['id']}", cookie) as line:
        assert json.loads(line.recv(PATIENCE_S))["t"] == "hello"
        line.send(json.dumps({"t": "do", "id": "1", "kind": "hands.raise", "data": {}}))
        while (answer := json.loads(line.recv(PATIENCE_S)))["t"] != "ok":
            assert answer["t"] in ("patch", "mine"), answer


def test_voice_and_picture_go_through_the_proxy_of_the_example(proxy: int, server: Server) -> None:
    far = Far(proxy)
    key = (server.data / "teacher.key").read_text().strip()
    signed = far.ask("GET", f"/teach?key={key}").headers["set-cookie"].partition(";")[0]
    lesson = far.ask("POST", "/api/teach/lessons", headers={"Cookie": signed}, files={"title": (None, "Sets")}).json()
    far.ask("GET", f"/teach/{lesson['id']}", headers={"Cookie": signed})
    speaker = Speaker(lambda path: far.socket(path, signed), lesson["id"])
    joined = far.ask("POST", f"/api/lessons/{lesson['code']}/join", json={"name": "Ada", "seat": "remote"})
    cookie = joined.headers["set-cookie"].partition(";")[0]
    with far.socket(f"/media/{lesson['id']}?as=student", cookie) as eye:
        track = speaker.start("camera", "vp8")
        eye.send(json.dumps({"t": "see", "tracks": {str(track): 2}}))
        told = list(picture(track, 0, 1000, Shot("vp8")))
        large = pack(read(told[1])._replace(seq=len(told) - 1, key=True), bytes(900_000))
        speaker.send(*told, large)
        got: list[bytes] = []
        while len(got) < len(told) + 1:
            if isinstance(said := eye.recv(PATIENCE_S), bytes):
                got.append(said)
    assert got == [*told, large], "as they were sent, also those of nearly a megabyte"
    speaker.close()


def test_a_deck_of_many_megabytes_goes_through_the_proxy(proxy: int, server: Server) -> None:
    key = {"Authorization": f"Bearer {(server.data / 'teacher.key').read_text().strip()}"}
    files = {"title": (None, "Sets"), "deck": ("sets.pdf", b"no pdf" + bytes(20_000_000))}
    answer = Far(proxy).ask("POST", "/api/teach/lessons", headers=key, files=files)
    assert answer.json()["code"] == "deck.not_pdf", "the server itself has read it all"


def test_each_person_behind_the_proxy_has_an_address_of_his_own(proxy: int, server: Server) -> None:
    far = Far(proxy)
    for _ in range(61):
        far.ask("GET", "/api/lessons/999999")
    assert far.ask("GET", "/api/lessons/999999").status_code == 429
    direct = httpx.get(
        f"{server.url}/api/lessons/999999", headers={"X-Forwarded-For": "203.0.113.9"}, timeout=PATIENCE_S
    )
    assert direct.status_code == 404, "what the proxy says of the address is believed"
