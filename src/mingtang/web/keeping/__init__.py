"""What becomes of lessons in the long run: out as a file and in again, copied, erased, forgotten."""
