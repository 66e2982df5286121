"""Who was there: in the room by a code that changes on the wall, at a distance by the time present."""
