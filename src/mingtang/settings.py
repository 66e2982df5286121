"""What can be set, by flag or by environment, in one table. The documentation and `--help` are made from it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "MINGTANG_"


class BadSetting(ValueError):  # noqa: N818 — it is a sentence for a person
    """A value that cannot be used. `code` is a message key of the command line's; `name` is the environment's name."""

    def __init__(self, code: str, name: str, value: str, **params: Any) -> None:
        super().__init__(f"{name}={value!r}: {code}")
        self.code = code
        self.params = {"name": name, "value": value, **params}


def _set(
    default: Any, meaning: str, least: int = 0, most: int = 1_000_000_000, flag: bool = False, alone: str = ""
) -> Any:
    """`alone` is what the flag means without a value."""
    told = {"meaning": meaning, "least": least, "most": most, "flag": flag or bool(alone), "alone": alone}
    return field(default=default, metadata=told)


@dataclass(frozen=True, slots=True)
class Settings:
    host: str = _set("0.0.0.0", "Address to listen on; 127.0.0.1 keeps the lesson on this computer.", flag=True)  # noqa: S104
    port: int = _set(8123, "Port to listen on; 0 takes any free one.", most=65535, flag=True)
    data: Path = _set(Path("data"), "Folder of lessons, slides and keys; made when missing.", flag=True)  # noqa: RUF009
    workers: int = _set(1, "Processes that serve; more than one share the data folder.", least=1, most=64, flag=True)
    store: str = _set("", "PostgreSQL for lessons and catalog, as postgresql://…; empty keeps them in the data folder.")
    bus: str = _set("", "NATS between nodes, as nats://…; several addresses with commas.")
    shared: str = _set(
        "", "Folder that all nodes see: pictures, recordings, videos, files of plans; empty takes the data folder."
    )
    assets: str = _set("", "The slides' pictures in another folder that all nodes see, or in s3://bucket/path.")
    media: str = _set("", "Recorded voice and picture in another folder that all nodes see.")
    public_url: str = _set("", "Address people use when it is not this computer's own, as https://lesson.example.org.")
    tls: str = _set(
        "off", "https: off, own (an authority kept in the data folder) or files (those of the next two).", alone="own"
    )
    tls_cert: str = _set("", "Certificate file in PEM for https, those that vouch for it after the server's own.")
    tls_key: str = _set("", "Key file in PEM for that certificate, without a password.")
    tls_port: int = _set(
        8443, "Port that speaks https, beside the plain one; 0 takes any free one.", most=65535, flag=True
    )
    static: str = _set("", "Folder of the built pages; empty takes the ones that came with the program.")
    proxies: str = _set("", "Addresses of reverse proxies whose X-Forwarded-* headers are believed, with commas.")
    language: str = _set("", "en or zh, for what the terminal says; empty takes it from the system.")
    log_level: str = _set("info", "debug, info, warning or error: the least that is logged.")
    max_upload_mb: int = _set(200, "Largest PDF or presentation, in MB.", least=1, most=10_000)
    keep_days: int = _set(0, "Days that a lesson is kept after its end; 0 keeps it for ever.", most=36_500)
    media_days: int = _set(0, "Days that recordings are kept after a lesson's end; 0 as long as it.", most=36_500)
    media_mb: int = _set(20_000, "Most that is recorded of one lesson, in MB; 0 records nothing.", most=10_000_000)
    captions: str = _set(
        "",
        "Program that writes down what is said, by the name that an installed package gives it; empty has none.",
        flag=True,
    )
    readings_days: int = _set(
        30, "Days that a replay or video nobody asks for is kept; 0 keeps it for ever.", most=36_500
    )
    max_lesson_mb: int = _set(2000, "Largest lesson file, in MB, packed or unpacked.", least=1, most=100_000)
    max_pages: int = _set(500, "Most pages in a PDF.", least=1, most=3000)
    max_members: int = _set(2000, "Most people who may join one lesson.", least=1)
    deck_seconds: int = _set(900, "Longest time to draw a PDF.", least=1)
    page_seconds: int = _set(30, "Longest time to draw one page.", least=1)
    deck_memory_mb: int = _set(1536, "Most memory for drawing a PDF, in MB.", least=256)
    office_seconds: int = _set(120, "Longest time for LibreOffice to turn a presentation into a PDF.", least=1)
    office_memory_mb: int = _set(2048, "Most memory for LibreOffice, in MB.", least=512)
    deck_workers: int = _set(2, "How many PDFs are drawn at once.", least=1, most=64)
    metrics_port: int = _set(0, "Port of /metrics for Prometheus, apart from the lessons'; 0 has none.", most=65535)
    metrics_host: str = _set("127.0.0.1", "Address that /metrics is listened for on.")
    traces: str = _set(
        "", "Address of an OpenTelemetry collector for traces, as http://127.0.0.1:4318; empty sends none."
    )
    drain_seconds: int = _set(0, "At the end, how long /ready says no before connections are closed.", most=600)
    wrong_codes: int = _set(60, "Wrong lesson codes a minute from one address before it must wait.", least=1)
    joins: int = _set(3000, "New members a minute from one address before it must wait.", least=1)

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def static_folder(self) -> Path:
        return Path(self.static) if self.static else Path(__file__).parent / "web" / "static"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table: `flag` is "" where only the environment sets it."""

    name: str
    env: str
    flag: str
    type: str
    default: str
    meaning: str
    alone: str = ""


def table() -> list[Entry]:
    rows = []
    for f in fields(Settings):
        kind = {"Path": "path", "int": "number", "str": "text"}[str(f.type)]
        flag = f"--{f.name.replace('_', '-')}" if f.metadata["flag"] else ""
        told = f.metadata
        rows.append(Entry(f.name, PREFIX + f.name.upper(), flag, kind, str(f.default), told["meaning"], told["alone"]))
    return rows


def load(flags: Mapping[str, str | None] | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Flags go before the environment, the environment before the defaults. Raises BadSetting."""
    env = os.environ if env is None else env
    given = dict(flags or {})
    values: dict[str, Any] = {}
    for f in fields(Settings):
        name = PREFIX + f.name.upper()
        text = given.get(f.name) or env.get(name, "")
        if text:
            values[f.name] = _read(name, text, str(f.type), f.metadata["least"], f.metadata["most"])
    return _check(Settings(**values))


def _read(name: str, text: str, kind: str, least: int, most: int) -> Any:
    if kind == "Path":
        return Path(text).expanduser()
    if kind == "str":
        return text.strip()
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise BadSetting("bad-number", name, text, least=least, most=most)
    return number


def _check(settings: Settings) -> Settings:
    _among("LANGUAGE", settings.language, ("", "en", "zh"))
    _among("LOG_LEVEL", settings.log_level, ("debug", "info", "warning", "error"))
    _among("TLS", settings.tls, ("off", "own", "files"))
    if settings.tls == "files" and not (settings.tls_cert and settings.tls_key):
        raise BadSetting("tls-needs-files", PREFIX + "TLS", settings.tls)
    _scheme("STORE", settings.store, ("postgresql://", "postgres://"))
    _scheme("BUS", settings.bus, ("nats://", "tls://"))
    url = settings.public_url
    if url and (not url.startswith(("http://", "https://")) or url.count("/") != 2):
        raise BadSetting("bad-url", PREFIX + "PUBLIC_URL", url)
    return settings


def _scheme(name: str, value: str, schemes: tuple[str, ...]) -> None:
    """What follows may hold a password, and is not said again."""
    if value and not value.startswith(schemes):
        raise BadSetting("bad-choice", PREFIX + name, value.partition(":")[0], choices=", ".join(schemes))


def _among(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise BadSetting("bad-choice", PREFIX + name, value, choices=", ".join(c for c in choices if c))
