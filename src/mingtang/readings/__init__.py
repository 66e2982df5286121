"""The log read again: replay, report, notebook, search, export. Each is a function of a log and nothing else."""
