"""Spans for an OpenTelemetry collector, when one is set; else nothing is made and nothing is loaded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

_tracer: Any = None
_NOTHING: AbstractContextManager[Any] = nullcontext()


class NoTracing(Exception):  # noqa: N818
    """The parts that send traces are not installed: the extra `tracing`."""


def span(name: str, **attributes: str | int) -> AbstractContextManager[Any]:
    """Around what is to be seen. Attributes never hold what people write or are called."""
    return _NOTHING if _tracer is None else _tracer.start_as_current_span(name, attributes=attributes)


def begin(address: str, version: str) -> Callable[[], None]:
    """Sends spans to `address`/v1/traces from a thread of its own; the environment's OTEL_* settings hold. Returns the
    way to stop. Raises NoTracing."""
    global _tracer
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise NoTracing from error
    provider = TracerProvider(resource=Resource.create({"service.name": "mingtang", "service.version": version}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{address.rstrip('/')}/v1/traces")))
    _tracer = provider.get_tracer("mingtang", version)

    def stop() -> None:
        global _tracer
        _tracer = None
        provider.shutdown()

    return stop
