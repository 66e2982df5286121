"""The report of a lesson: every figure of the hour, computed from its log and from nothing else.

docs/teach/en/report.md says in words how each is computed. The same log gives the same bytes, on any computer."""

from mingtang.readings.report.model import Report, to_json
from mingtang.readings.report.reporter import Reporter, report_of

__all__ = ["Report", "Reporter", "report_of", "to_json"]
