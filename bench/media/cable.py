"""A long, lossy cable between two network namespaces, where the kernel has no netem: every packet passes here.

Needs root. Each packet waits `delay_ms` and is lost with a chance of `loss` percent, each way."""

from __future__ import annotations

import contextlib
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from collections.abc import Iterator

NEAR_NS, FAR_NS = "mt-near", "mt-far"
NEAR_IP, FAR_IP = "10.99.8.1", "10.99.8.2"
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
MTU = 1500


class Cable:
    """`delay_ms` and `loss` may be changed while it carries."""

    def __init__(self, delay_ms: float, loss: float, seed: int = 1) -> None:
        self.delay_ms, self.loss = delay_ms, loss
        self.carried = self.lost = 0
        self._chance = random.Random(seed)
        self._ends = [_end("mtnear", NEAR_NS, NEAR_IP), _end("mtfar", FAR_NS, FAR_IP)]
        self._way: list[tuple[float, int, int, bytes]] = []
        self._open = True
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._open = False
        self._thread.join()
        for end in self._ends:
            os.close(end)

    def _carry(self) -> None:
        while self._open:
            wait = self._way[0][0] - time.monotonic() if self._way else 0.1
            for end in select.select(self._ends, [], [], max(0.0, min(wait, 0.1)))[0]:
                self._take(end)
            self._give()

    def _take(self, end: int) -> None:
        packet = os.read(end, MTU + 100)
        self.carried += 1
        if self._chance.random() * 100 < self.loss:
            self.lost += 1
            return
        other = self._ends[1] if end == self._ends[0] else self._ends[0]
        heapq.heappush(self._way, (time.monotonic() + self.delay_ms / 1000, self.carried, other, packet))

    def _give(self) -> None:
        now = time.monotonic()
        while self._way and self._way[0][0] <= now:
            _, _, end, packet = heapq.heappop(self._way)
            with contextlib.suppress(OSError):
                os.write(end, packet)


def _end(device: str, namespace: str, address: str) -> int:
    """A device whose packets are read and written here; it lives in the namespace."""
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI))
    _do("ip", "link", "set", device, "netns", namespace)
    _do("ip", "-n", namespace, "address", "add", f"{address}/24", "dev", device)
    _do("ip", "-n", namespace, "link", "set", device, "mtu", str(MTU), "up")
    return end


@contextlib.contextmanager
def cable(delay_ms: float, loss: float) -> Iterator[Cable]:
    """Two namespaces and what joins them; nothing is left afterwards."""
    _drop()
    try:
        for name in (NEAR_NS, FAR_NS):
            _do("ip", "netns", "add", name)
            _do("ip", "-n", name, "link", "set", "lo", "up")
        made = Cable(delay_ms, loss)
        try:
            yield made
        finally:
            made.close()
    finally:
        _drop()


def within(namespace: str) -> tuple[str, ...]:
    """What a command is run by to be in it."""
    return ("ip", "netns", "exec", namespace)


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _drop() -> None:
    for name in (NEAR_NS, FAR_NS):
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
