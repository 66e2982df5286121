"""What is prepared before the hour: the plan as data and as a text, pure. Where plans are kept is the catalog."""
