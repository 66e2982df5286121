"""What voice and picture cost and how late they are."""
