"""A lesson to be watched again: what each role saw, as keyframes and patches with their times, from the log alone."""
