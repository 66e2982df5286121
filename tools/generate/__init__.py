"""Texts that are made from the program itself and kept in git: TypeScript types and reference pages.

`python -m tools.generate` writes them; a house test compares them with the program. Nothing here is edited by hand."""
