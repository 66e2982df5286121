"""Mingtang: one live lesson, shared by a room and by people far away. A lesson is a log."""

__version__ = "0.1.0"
