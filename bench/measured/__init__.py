"""Activities that exist to be measured."""
