"""Who is in the lesson: names, roles, seats, presence. The events are the core's own; here are the rights over them.

The wall shows how many have come in its own frame, and never a name."""

lacks = ("Wall",)
