"""Speed and memory, measured beside a floor or a peer in the same run. Every script prints a table; none is a test."""
