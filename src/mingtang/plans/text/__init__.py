"""A plan as the text of one file, plan.md: written so that people can write it too, and read without losing a line."""
