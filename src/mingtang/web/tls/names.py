"""By which names and addresses this computer is reached, for a certificate that holds them all."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from mingtang.settings import Settings
from mingtang.web import network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
V6_INTERFACES = Path("/proc/net/if_inet6")
# Nobody else is reached by these over the internet: what an own authority may speak for.
HERE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8",
        "fc00::/7", "fe80::/10", "::1/128",
    )
)  # fmt: skip
HERE_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")


def own(settings: Settings) -> tuple[frozenset[str], frozenset[Address]]:
    """Names in lower case, and addresses without those that are good on one wire only."""
    addresses = {_address(text) for text in (*network.addresses(), *_v6(), "127.0.0.1", "::1")}
    names = {"localhost", *_hostnames()}
    for given in (network.own_address(settings.host), urlsplit(settings.public_url).hostname or ""):
        if (address := _address(given)) is not None:
            addresses.add(address)
        elif given:
            names.add(given.lower())
    found = {address for address in addresses if address is not None and not address.is_unspecified}
    return frozenset(names), frozenset(one for one in found if not (one.version == 6 and one.is_link_local))


def _hostnames() -> Iterator[str]:
    name = socket.gethostname().lower().strip(".")
    if name.isascii() and name.replace("-", "").replace(".", "").isalnum():
        yield name
        if "." not in name:
            yield f"{name}.local"


def _v6() -> Iterator[str]:
    with contextlib.suppress(OSError):
        for line in V6_INTERFACES.read_text().splitlines():
            yield str(ipaddress.IPv6Address(bytes.fromhex(line.split()[0])))


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def networks(addresses: frozenset[Address]) -> list[Network]:
    """Those of HERE, and the neighbourhood of each public address that this computer has now."""
    near: set[Network] = set(HERE)
    for address in addresses:
        if not any(address.version == one.version and address in one for one in HERE):
            near.add(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))
    return sorted(near, key=str)
