"""A student's private stars and notes, one sheet a step. Nobody else is ever told of them, staff neither."""

lacks = ("Teacher", "Wall")
