"""Where this computer is found: the address for others on its network, and the socket it listens on."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterator

from mingtang.web.trouble import Trouble

BACKLOG = 4096
GET_ADDRESS = 0x8915  # SIOCGIFADDR
# Addresses nobody has: asking which way to them sends nothing, and tells our own address on that way.
FAR_AWAY = ("192.0.2.1", "10.255.255.254", "192.168.255.254", "172.31.255.254")
VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "cni", "flannel", "podman")


def bind(host: str, port: int, shared: bool = False, listening: bool = True) -> socket.socket:
    """`shared` with other processes that bind it so. Raises Trouble when the port is taken, not allowed, or the host is
    not this computer's."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=1)[0]
        sock = socket.socket(family, kind)
    except OSError as error:
        raise Trouble("host-unknown", host=host) from error
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        sock.bind(address)
        if listening:
            sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise _explain(error, host, port) from error
    return sock


def _explain(error: OSError, host: str, port: int) -> Trouble:
    if error.errno == errno.EADDRINUSE:
        return Trouble("port-taken", port=port)
    if error.errno in (errno.EACCES, errno.EPERM):
        return Trouble("port-forbidden", port=port)
    return Trouble("host-unknown", host=host)


def own_address(host: str) -> str:
    """Where programs on this computer reach a server that listens on `host`."""
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 — not listened on


def url_for(host: str, port: int, scheme: str = "http") -> str:
    """The address to tell others when the server listens on `host`."""
    if own_address(host) != host:
        host = lan_address()
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{f'[{host}]' if ':' in host else host}" + ("" if port == usual else f":{port}")


def addresses() -> list[str]:
    """This computer's IPv4 addresses, the likeliest for phones in the same network first."""
    return list(dict.fromkeys((*_ways(), *_interfaces())))


def lan_address() -> str:
    """The likeliest address for phones in the same network; 127.0.0.1 when there is no network."""
    for found in addresses():
        address = ipaddress.ip_address(found)
        if not address.is_loopback and not address.is_link_local and not address.is_unspecified:
            return found
    return "127.0.0.1"


def _ways() -> Iterator[str]:
    for far in FAR_AWAY:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            yield str(probe.getsockname()[0])


def _interfaces() -> Iterator[str]:
    for _, name in socket.if_nameindex():
        if name.startswith(VIRTUAL):
            continue
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            asked = fcntl.ioctl(probe.fileno(), GET_ADDRESS, struct.pack("256s", name.encode()[:15]))
            yield socket.inet_ntoa(asked[20:24])


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host in ("", "localhost") or host.endswith(".localhost")
