"""Plans over HTTP: made, written by the editor or as a text, given decks, copied, and begun as lessons."""
