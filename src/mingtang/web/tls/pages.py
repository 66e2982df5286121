"""The page that explains https, and what it shows: the authority's certificate to be installed, and its fingerprint."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from mingtang.web import network, who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.pages import built_page
from mingtang.web.papers import qr_svg
from mingtang.web.static import Bundle
from mingtang.web.tls.authority import Authority, fingerprint

PAGE = "/https"
FILE = f"{PAGE}/mingtang.crt"


class Https(Struct):
    """`way` is off, own, files, or proxy. `page` is where this page is found without https; `address` begins with
    https, or is "" without it. The others are of the own authority: its name, SHA-256 fingerprint and end (ms UTC)."""

    way: str
    page: str
    address: str = ""
    file: str = ""
    name: str = ""
    fingerprint: str = ""
    ends: int = 0


@get(PAGE, include_in_schema=False)
async def https_page(request: AnyRequest, bundle: NamedDependency[Bundle]) -> Response[Any]:
    """How a device gets to speak: by https, and how that is set up on it."""
    return built_page(request, bundle, "https.html")


@get("/api/https", tags=["https"])
async def about_https(request: AnyRequest, node: NamedDependency[Node]) -> Response[Https]:
    """Whether the server has https, and what is to be done on a device for it."""
    return Response(_about(request, node), headers={"Cache-Control": "no-store"})


def _about(request: AnyRequest, node: Node) -> Https:
    page = f"{who.address(request, node)}{PAGE}"
    if node.secure is not None and page.startswith("https:"):  # whoever needs this page does not come in by https yet
        page = f"{network.url_for(urlsplit(page).hostname or '', node.secure.plain_port)}{PAGE}"
    if node.secure is None:
        return Https("proxy", page, node.address) if node.settings.https else Https("off", page)
    if node.settings.tls == "files":
        return Https("files", page, node.secure.address)
    held = Authority(node.folder.tls).certificate()
    (name,) = held.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    ends = int(held.not_valid_after_utc.timestamp() * 1000)
    address = _beside(urlsplit(page).hostname or "", node.secure.address)
    return Https("own", page, address, FILE, str(name.value), fingerprint(held), ends)


def _beside(name: str, address: str) -> str:
    """The https port of the computer that people reach by this name."""
    return network.url_for(name, urlsplit(address).port or 443, "https")


@get("/api/https/qr.svg", tags=["https"])
async def https_qr(request: AnyRequest, node: NamedDependency[Node]) -> Response[bytes]:
    """The way to the page that explains https, to be scanned by a phone."""
    return Response(qr_svg(_about(request, node).page), media_type="image/svg+xml")


@get(FILE, include_in_schema=False)
async def authority_file(node: NamedDependency[Node]) -> Response[bytes]:
    """The own authority's certificate, in the form that phones and computers install. Its key stays here."""
    if node.settings.tls != "own":
        raise Fault(404, "web.not_found")
    data = Authority(node.folder.tls).certificate().public_bytes(Encoding.DER)
    return Response(data, media_type="application/x-x509-ca-cert", headers={"Cache-Control": "no-store"})
