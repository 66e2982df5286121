"""A question everybody answers: votes, their tally, and two switches for voting and for results."""
