"""https without a proxy: the own authority, given files, and a real server whose pages and sockets go over TLS."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import stat
import zipfile
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.sync.client import connect

from mingtang.settings import BadSetting, Settings, load
from mingtang.web.folder import Folder
from mingtang.web.keeping.backup import back_up
from mingtang.web.tls import names
from mingtang.web.tls.authority import Authority, fingerprint
from mingtang.web.tls.given import Pair
from mingtang.web.tls.shown import Given, Shown, is_vouched_for
from mingtang.web.tls.ways import open_ways
from mingtang.web.trouble import Trouble
from tests.server import PATIENCE_S, Server
from tests.tls import Made, handshake, made, trusting

HERE = frozenset({"localhost", "school.local"}), frozenset({ipaddress.ip_address("192.168.7.4")})
LATER = datetime.timedelta(days=150)


def context_of(authority: Authority) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server_file)
    return context


# the own authority


def test_the_own_authority_is_made_once_for_this_user_alone_and_a_client_that_knows_it_is_content(tmp_path):
    authority = Authority(tmp_path / "tls")
    assert authority.ensure(HERE)
    assert not authority.ensure(HERE), "nothing is made when all is well"
    client = trusting(authority.certificate_file.read_bytes())
    for name in ("localhost", "school.local", "192.168.7.4"):
        assert handshake(context_of(authority), client, name).issuer == authority.certificate().subject
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in authority.folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700


def test_the_servers_certificate_is_made_anew_before_it_ends_and_when_addresses_change_and_the_authority_stays(
    tmp_path,
):
    authority = Authority(tmp_path / "tls")
    authority.ensure(HERE)
    first, held = authority.certificate(), authority.server_file.read_bytes()
    moved = HERE[0], HERE[1] | {ipaddress.ip_address("10.1.2.3")}
    assert authority.ensure(moved)
    assert handshake(context_of(authority), trusting(authority.certificate_file.read_bytes()), "10.1.2.3")
    assert authority.server_file.read_bytes() != held
    held = authority.server_file.read_bytes()
    later = Authority(authority.folder, now=lambda: datetime.datetime.now(datetime.UTC) + LATER)
    assert later.ensure(moved)
    assert authority.server_file.read_bytes() != held
    assert fingerprint(authority.certificate()) == fingerprint(first), "what people installed goes on to be good"


def test_the_own_authority_cannot_speak_for_a_site_that_is_not_of_this_house(tmp_path):
    authority = Authority(tmp_path / "tls")
    authority.ensure(HERE)
    key = authority._read()[1]
    false = made("bank.example", by=Made(authority.certificate(), key))
    files = false.write(tmp_path / "false")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files["tls_cert"], files["tls_key"])
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(context, trusting(authority.certificate_file.read_bytes()), "bank.example")


def test_an_address_that_the_authority_may_not_speak_for_is_left_out_and_spoils_nothing(tmp_path):
    authority = Authority(tmp_path / "tls")
    authority.ensure(HERE)
    abroad = HERE[0] | {"lesson.example.org"}, HERE[1] | {ipaddress.ip_address("203.0.113.9")}
    assert not authority.ensure(abroad), "there is nothing that could be made"
    assert handshake(context_of(authority), trusting(authority.certificate_file.read_bytes()), "192.168.7.4")
    near = Authority(tmp_path / "campus")
    near.ensure(abroad)
    client = trusting(near.certificate_file.read_bytes())
    assert handshake(context_of(near), client, "203.0.113.9"), "a public address that it began with is its own"


def test_a_lost_or_damaged_key_is_said_and_nothing_is_made_in_its_place(tmp_path):
    authority = Authority(tmp_path / "tls")
    authority.ensure(HERE)
    key = authority.key_file.read_bytes()
    authority.key_file.unlink()
    with pytest.raises(Trouble) as lost:
        authority.ensure(HERE)
    authority.key_file.write_bytes(key[:40])
    with pytest.raises(Trouble) as damaged:
        authority.ensure(HERE)
    authority.key_file.write_bytes(made("other").key_pem())
    with pytest.raises(Trouble) as strange:
        authority.ensure(HERE)
    codes = [found.value.code for found in (lost, damaged, strange)]
    assert codes == ["tls-authority-lost", "tls-authority-damaged", "tls-authority-damaged"]


def test_this_computers_own_names_and_addresses_are_known():
    known, addresses = names.own(Settings(public_url="https://lesson.school.local"))
    assert {"localhost", "lesson.school.local"} <= known
    assert {ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")} <= addresses


# given files


@pytest.mark.parametrize(
    ("certificate", "key", "code"),
    [
        (lambda one: one.pem, lambda one: made("x").key_pem(), "tls-mismatch"),
        (lambda one: b"nonsense", lambda one: one.key_pem(), "tls-no-certificate"),
        (lambda one: one.pem, lambda one: b"nonsense", "tls-no-key"),
        (lambda one: one.pem, lambda one: one.key_pem(b"secret"), "tls-key-locked"),
        (lambda one: made("x", begins=-100, days=50).pem, lambda one: one.key_pem(), "tls-ended"),
        (lambda one: made("x", begins=5).pem, lambda one: one.key_pem(), "tls-not-yet"),
    ],
)
def test_what_is_wrong_with_given_files_is_said_by_name(tmp_path, certificate, key, code):
    one = made("lesson.example.org")
    (tmp_path / "cert.pem").write_bytes(certificate(one))
    (tmp_path / "key.pem").write_bytes(key(one))
    with pytest.raises(Trouble) as wrong:
        Pair(tmp_path / "cert.pem", tmp_path / "key.pem").check()
    assert wrong.value.code == code


@pytest.mark.slow
def test_a_file_that_is_missing_and_settings_that_do_not_fit_are_one_sentence_at_the_terminal(tmp_path):
    server = Server(tmp_path / "data")
    given = {"TLS": "files", "TLS_CERT": "/nowhere.pem", "TLS_KEY": "/nowhere.key", "LANGUAGE": "zh", "PORT": "0"}
    server._env |= {f"MINGTANG_{name}": value for name, value in given.items()}
    told = server.cli("serve")
    assert (told.returncode, told.stderr.count("\n")) == (1, 1), told.stderr
    assert "/nowhere.pem 不能用于 https" in told.stderr
    with pytest.raises(BadSetting, match="tls-needs-files"):
        load({"tls": "files"}, {})
    with pytest.raises(BadSetting, match="bad-choice"):
        load({"tls": "yes"}, {})


def test_renewed_files_are_shown_without_a_restart_and_bad_ones_are_not(tmp_path):
    authority = made()
    old, new = made("lesson.example.org", by=authority), made("lesson.example.org", by=authority)
    client = trusting(authority.pem)
    settings = load(old.write(tmp_path), {})
    shown = Shown(Given(settings))
    assert handshake(shown.context, client, "lesson.example.org") == old.certificate
    assert not shown.look()
    new.write(tmp_path)
    assert shown.look()
    assert handshake(shown.context, client, "lesson.example.org") == new.certificate
    (tmp_path / "key.pem").write_bytes(old.key_pem())
    with pytest.raises(Trouble):
        shown.look()
    assert handshake(shown.context, client, "lesson.example.org") == new.certificate, "the one before stays"


def test_only_a_certificate_that_computers_trust_by_themselves_lets_browsers_be_told_to_insist(tmp_path, monkeypatch):
    authority = made()
    one = made("lesson.example.org", by=authority)
    shown = Shown(Given(load(one.write(tmp_path), {})))
    assert not is_vouched_for(shown.context, ["lesson.example.org"])
    (tmp_path / "trusted.pem").write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    assert is_vouched_for(shown.context, ["lesson.example.org"])
    assert not is_vouched_for(shown.context, [])


def test_people_are_told_the_name_of_the_certificate_or_the_public_address_where_one_is_set(tmp_path):
    given = {
        **made("*.example.org", "lesson.example.org").write(tmp_path),
        "host": "127.0.0.1",
        "port": "0",
        "tls_port": "0",
    }
    with open_ways(load(given, {}), Folder(tmp_path)) as ways:
        port = ways.secure.socket.getsockname()[1]
        assert (ways.secure.address, ways.secure.insists) == (f"https://lesson.example.org:{port}", False)
    with open_ways(load({**given, "public_url": "https://other.example.org"}, {}), Folder(tmp_path)) as ways:
        assert ways.secure.address == "https://other.example.org"


# a real server


class Secure:
    """A client that has installed the server's authority."""

    def __init__(self, server: Server) -> None:
        self.about = httpx.get(f"{server.url}/api/https", timeout=PATIENCE_S).json()
        file = httpx.get(f"{server.url}{self.about['file']}", timeout=PATIENCE_S)
        assert file.headers["content-type"] == "application/x-x509-ca-cert"
        self.tls = trusting(ssl.DER_cert_to_PEM_cert(file.content))
        self.url = self.about["address"]
        self.http = httpx.Client(base_url=self.url, verify=self.tls, timeout=PATIENCE_S, headers={"Origin": self.url})

    def socket(self, path: str, cookie: str):
        url = f"wss{self.url.removeprefix('https')}{path}"
        headers = {"Cookie": cookie}
        return connect(url, ssl=self.tls, origin=self.url, additional_headers=headers, open_timeout=PATIENCE_S)


@pytest.mark.slow
def test_a_lesson_and_its_sockets_go_by_https_with_the_own_authority_and_by_http_beside_it(tmp_path):
    server = Server(tmp_path / "data", tls="own", tls_port="0", workers="2").start()
    try:
        secure = Secure(server)
        assert secure.about["way"] == "own"
        assert secure.about["fingerprint"] == fingerprint(Authority(server.data / "tls").certificate())
        lesson = server.lesson()
        assert lesson["url"].startswith("http://"), "phones that know no authority get a way without"
        by_http = httpx.post(f"{server.url}/api/lessons/{lesson['code']}/join", json={"name": "Mei", "seat": "room"})
        by_https = secure.http.post(f"/api/lessons/{lesson['code']}/join", json={"name": "Ada", "seat": "remote"})
        assert by_https.status_code == by_http.status_code == 200
        assert "strict-transport-security" not in by_https.headers
        assert "Secure" not in by_https.headers["set-cookie"], "it is good at the plain port too"
        cookie = "; ".join(f"{one.name}={one.value}" for one in by_https.cookies.jar)
        for path in (f"/live/{lesson['id']}", f"/media/{lesson['id']}?as=student"):
            with secure.socket(path, cookie) as line:
                assert json.loads(line.recv(PATIENCE_S))["t"] == "hello"
        key = (server.data / "teacher.key").read_text().strip()
        signed = secure.http.get(f"/teach?key={key}")
        assert "Secure" in signed.headers["set-cookie"], "the staff's never goes in plain"
    finally:
        assert server.stop() == 0
    for keys in (False, True):
        back_up(Folder(server.data), tmp_path / "backup.zip", keys)
        with zipfile.ZipFile(tmp_path / "backup.zip") as packed:
            assert ("tls/authority.key" in packed.namelist()) is keys, "a backup has no keys unless they are asked for"


@pytest.mark.slow
def test_by_plain_http_staff_are_led_to_https_and_students_are_not(tmp_path):
    server = Server(tmp_path / "data", tls="own", tls_port="0").start()
    try:
        port = urlsplit(httpx.get(f"{server.url}/api/https").json()["address"]).port

        def reached(path: str, host: str = "192.168.7.4:8123") -> httpx.Response:
            return httpx.get(f"{server.url}{path}", headers={"Host": host}, timeout=PATIENCE_S)

        assert reached("/teach?key=x").headers["location"] == f"https://192.168.7.4:{port}/teach?key=x"
        assert reached("/").status_code == reached("/https").status_code == reached("/j/222222").status_code == 200
        assert reached("/teach", "localhost:8123").status_code == 200, "a browser trusts this computer's own pages"
        assert reached("/teach", "[nonsense").status_code in (200, 400)
        told = httpx.get(f"{server.url}/api/https", headers={"Host": "192.168.7.4:8123"}).json()
        assert told["address"] == f"https://192.168.7.4:{port}"
        assert httpx.get(f"{server.url}/api/https/qr.svg").text.startswith("<svg")
    finally:
        server.stop()


@pytest.mark.slow
def test_with_given_files_everybody_is_led_to_the_name_that_the_certificate_has(tmp_path):
    authority = made()
    one = made("lesson.example.org", by=authority)
    server = Server(tmp_path / "data", tls_port="0", **one.write(tmp_path / "given")).start()
    try:
        about = httpx.get(f"{server.url}/api/https").json()
        port = urlsplit(about["address"]).port
        assert (about["way"], about["address"]) == ("files", f"https://lesson.example.org:{port}")
        led = httpx.get(f"{server.url}/j/222222", headers={"Host": "192.168.7.4:8123"})
        assert (led.status_code, led.headers["location"]) == (307, f"{about['address']}/j/222222")
        assert server.lesson()["url"].startswith(f"{about['address']}/j/")
        client = trusting(authority.pem)
        with httpx.Client(verify=client, timeout=PATIENCE_S) as http:
            asked = {
                "headers": {"Host": f"lesson.example.org:{port}"},
                "extensions": {"sni_hostname": "lesson.example.org"},
            }
            answer = http.get(f"https://127.0.0.1:{port}/health", **asked)
        assert answer.status_code == 200
        assert "strict-transport-security" not in answer.headers, "this authority is not one of the world's"
    finally:
        server.stop()
