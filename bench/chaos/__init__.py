"""Whole lessons under faults, in a world made of nothing but a seed: its clock, disk and network are ours, so a run
that fails is run again and fails again. The program under test is the real `live/`."""
