"""Who is in the lesson: names, roles, seats, presence. The events are the core's own; here are the rights over them."""
