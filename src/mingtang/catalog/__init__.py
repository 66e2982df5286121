"""Ordinary records beside the logs: which lessons there are, their decks, walls and assistants' links.

An index, not a truth: what happened in a lesson stands in its log, and the rows here follow it."""
