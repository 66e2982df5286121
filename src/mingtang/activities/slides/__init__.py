"""The steps of a lesson in their order (pages, boards, questions): which one is on the stage, and what covers it."""
