"""Figures of voice and picture."""
