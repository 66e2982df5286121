"""How often one address (or one member) may try something. Memory is bounded: those not seen longest are forgotten."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_ADDRESSES = 10_000


class Limit:
    """`a_minute` at once, refilled evenly. One bucket an address."""

    def __init__(self, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rate, self._now = float(a_minute), a_minute / 60, now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """Seconds until the next try is allowed; 0 when it is allowed now. Takes nothing."""
        left = self._refilled(address)
        return 0 if left >= 1 else math.ceil((1 - left) / self._rate)

    def take(self, address: str) -> None:
        self._left[address] = (max(0.0, self._refilled(address) - 1), self._now())
        self._left.move_to_end(address)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)

    def _refilled(self, address: str) -> float:
        left, at = self._left.get(address, (self._most, 0.0))
        return min(self._most, left + (self._now() - at) * self._rate)


def address_of(client: str) -> str:
    """One home network is one address: an IPv6 client may pick any of 2⁶⁴ addresses."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return client
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
