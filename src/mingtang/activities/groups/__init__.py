"""Groups for a while: students divided by chance, each group to itself, the staff going round and called for help."""
