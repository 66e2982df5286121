"""The lesson itself: its title, its code, its beginning and end.

Every screen shows these in its own frame, so there is nothing for an activity's components to add."""

lacks = ("Teacher", "Student", "Wall")
