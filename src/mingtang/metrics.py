"""What an operator may watch, as Prometheus reads it. Numbers only: nothing here tells a person or a lesson apart.

The live half notes what happens; what simply is (screens, waiting commands) is counted when somebody asks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

append_s = Histogram("mingtang_append_seconds", "One durable append of a lesson.", buckets=_FAST)
events = Counter("mingtang_events", "Events made durable.")
conflicts = Counter("mingtang_append_conflicts", "Appends that lost their place to another writer.")
append_failures = Counter("mingtang_append_failures", "Appends that the store could not take.")
flush_s = Histogram("mingtang_flush_seconds", "Making the patches of one flush.", buckets=_FAST)
behind = Counter("mingtang_screens_behind", "Times a screen could not follow and was left out until it could.")
cut = Counter("mingtang_screens_cut", "Screens cut off, by reason.", ["reason"])
loop_lag_s = Histogram(
    "mingtang_loop_lag_seconds", "How late the event loop is, looked at every second.", buckets=_FAST
)
media_in = Counter("mingtang_media_objects_in", "Objects of voice and picture taken from who sends them.")
media_out = Counter("mingtang_media_objects_out", "Objects of voice and picture written to who watches.")
media_dropped = Counter("mingtang_media_dropped", "Objects of voice and picture left out, by reason.", ["why"])
media_cut = Counter("mingtang_media_cut", "Media sockets cut off, by reason.", ["reason"])
requests_s = Histogram(
    "mingtang_http_seconds", "HTTP requests, by method and status.", ["method", "status"], buckets=_FAST
)


class Commands(Collector):
    """What became of commands, and how soon. Counted by the event loop alone, so without a lock: that costs more than
    to decide does."""

    def __init__(self) -> None:
        self.outcomes = {"taken": 0, "refused": 0, "failed": 0}
        self._within = [0] * (len(_FAST) + 1)
        self._seconds = 0.0

    def answered(self, code: str, seconds: float) -> None:
        """One command: "" taken, else the code of its refusal."""
        self.outcomes["taken" if not code else "failed" if code in FAILED else "refused"] += 1
        self._within[bisect_left(_FAST, seconds)] += 1
        self._seconds += seconds

    def collect(self) -> Iterator[Metric]:
        counted = CounterMetricFamily("mingtang_commands", "Commands answered, by outcome.", labels=["outcome"])
        for outcome, number in self.outcomes.items():
            counted.add_metric([outcome], number)
        yield counted
        upto = map(str, (*map(float, _FAST), "+Inf"))
        buckets = list(zip(upto, accumulate(self._within), strict=True))
        yield HistogramMetricFamily(
            "mingtang_command_seconds", "From a command's frame to its answer.", buckets, self._seconds
        )


FAILED = ("store_failed", "failed")
commands = Commands()
REGISTRY.register(commands)


class Standing(NamedTuple):
    """What there is at this moment: open lessons, screens by role, commands that wait to be decided, media sockets that
    watch and that send."""

    lessons: int
    screens: dict[str, int]
    waiting: int
    viewers: int = 0
    publishers: int = 0


class _Now(Collector):
    def __init__(self, look: Callable[[], Standing]) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        now = self._look()
        yield GaugeMetricFamily("mingtang_lessons_open", "Lessons held open.", now.lessons)
        yield GaugeMetricFamily("mingtang_commands_waiting", "Commands that wait to be decided.", now.waiting)
        yield GaugeMetricFamily("mingtang_media_viewers", "Media sockets that watch.", now.viewers)
        yield GaugeMetricFamily("mingtang_media_publishers", "Media sockets that send.", now.publishers)
        screens = GaugeMetricFamily("mingtang_screens", "Connected screens, by role.", labels=["role"])
        for role, number in now.screens.items():
            screens.add_metric([role], number)
        yield screens


def publish(
    host: str, port: int, look: Callable[[], Standing], registry: CollectorRegistry = REGISTRY
) -> Callable[[], None]:
    """Serves /metrics on a port of its own, never on the lessons' one, where a proxy would hand it on. Returns the way
    to stop it. Raises OSError when the port is taken."""
    now = _Now(look)
    server, thread = start_http_server(port, host, registry)
    registry.register(now)

    def stop() -> None:
        registry.unregister(now)
        server.shutdown()
        server.server_close()
        thread.join()

    return stop
