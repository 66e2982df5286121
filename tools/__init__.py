"""Programs that work on this repository. Nothing here is shipped."""
