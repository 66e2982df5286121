"""One timer for all to see. It counts by the server's clock; that it has run out is computed, never told."""
