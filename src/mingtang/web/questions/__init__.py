"""Files of questions from other programs: read in a confined process, written for them again."""
