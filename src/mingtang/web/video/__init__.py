"""Ordinary files of what was recorded, made in limited processes of their own: videos, and tracks as they were sent."""
