"""Raised hands: one queue for room and remote, taken in an order that is fair to both seats, and who has the floor."""
