"""Finding words in all lessons. The index is a reading too: rebuilt from the logs whenever it is missing or old."""
