"""The log's grammar: events, members, the contract of an activity, patches. Pure: no I/O, no clock, no randomness."""
