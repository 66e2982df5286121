"""A whole lesson as one file, and back: a zip that any program can open. docs/build/file-format.md describes it."""
