"""The certificate that is shown to browsers now. It is looked after while the server runs: given files that have
changed are taken, the own one is made anew in time. Connections that stand are not touched."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509

from mingtang.settings import Settings
from mingtang.web import network
from mingtang.web.folder import Folder
from mingtang.web.tls import names
from mingtang.web.tls.authority import Authority
from mingtang.web.tls.given import Pair, names_in
from mingtang.web.trouble import Trouble

log = logging.getLogger(__name__)
LOOK_S = 30.0


class Kept(Protocol):
    """Where certificate and key come from. All of it raises Trouble."""

    def refresh(self) -> None:
        """Sees to it that what is in the files can be shown."""

    @property
    def files(self) -> tuple[Path, Path]: ...


class Own:
    """From the authority in the data folder."""

    def __init__(self, settings: Settings, folder: Folder) -> None:
        self._settings = settings
        self.authority = Authority(folder.tls)

    def refresh(self) -> None:
        self.authority.ensure(names.own(self._settings))

    @property
    def files(self) -> tuple[Path, Path]:
        return self.authority.server_file, self.authority.server_file


class Given:
    def __init__(self, settings: Settings) -> None:
        self._pair = Pair(Path(settings.tls_cert).expanduser(), Path(settings.tls_key).expanduser())

    def refresh(self) -> None:
        self._pair.check()

    @property
    def files(self) -> tuple[Path, Path]:
        return self._pair.certificate, self._pair.key


def kept(settings: Settings, folder: Folder) -> Kept | None:
    """None without https."""
    if settings.tls == "own":
        return Own(settings, folder)
    return Given(settings) if settings.tls == "files" else None


class Shown:
    """`context` is what the server listens with: for each browser that comes it takes the newest certificate."""

    def __init__(self, source: Kept) -> None:
        """Raises Trouble."""
        self._source = source
        source.refresh()
        self._stamp = self._stamped()
        self.context = self._now = self._loaded()
        self.context.sni_callback = self._newest

    def _newest(self, connection: Any, name: str | None, context: ssl.SSLContext) -> None:
        if self._now is not context:
            connection.context = self._now

    def _stamped(self) -> tuple[tuple[int, int], ...]:
        try:
            found = [file.stat() for file in self._source.files]
        except OSError as error:
            raise Trouble("tls-unreadable", file=error.filename, reason=error.strerror or str(error)) from error
        return tuple((one.st_mtime_ns, one.st_ino) for one in found)

    def _loaded(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        certificate, key = self._source.files
        try:
            context.load_cert_chain(certificate, key)
        except (ssl.SSLError, OSError) as error:
            raise Trouble("tls-unreadable", file=str(certificate), reason=str(error)) from error
        context.set_alpn_protocols(["http/1.1"])
        return context

    def look(self) -> bool:
        """Whether another certificate is shown from now on. Raises Trouble; then the one before stays."""
        self._source.refresh()
        stamp = self._stamped()
        if stamp == self._stamp:
            return False
        self._now, self._stamp = self._loaded(), stamp
        return True

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificates(self._source.files[0].read_bytes())[0]

    @contextlib.asynccontextmanager
    async def looked_after(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._keep_looking())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep_looking(self) -> None:
        said = ""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                if await asyncio.to_thread(self.look):
                    log.info("another certificate is shown")
                said = ""
            except Trouble as trouble:
                if trouble.code != said:  # once, not every time
                    log.error("the certificate stays", extra={"data": {"code": trouble.code, **trouble.params}})
                said = trouble.code


def is_vouched_for(context: ssl.SSLContext, names: list[str]) -> bool:
    """Whether computers trust it by themselves: shaken hands with here, as a browser elsewhere would."""
    if not names:
        return False
    ways = [ssl.MemoryBIO(), ssl.MemoryBIO()]
    server = context.wrap_bio(ways[0], ways[1], server_side=True)
    client = ssl.create_default_context().wrap_bio(ways[1], ways[0], server_hostname=names[0])
    ready = set[Any]()
    for side in (client, server) * 4:
        try:
            side.do_handshake()
            ready.add(side)
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError:
            return False
    return client in ready


def address(settings: Settings, shown: Shown, port: int) -> str:
    """Where people find the server by https: by the first name that the given certificate has."""
    found = names_in(shown.certificate) if settings.tls == "files" else []
    return network.url_for(found[0] if found else settings.host, port, "https")
