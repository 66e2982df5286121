"""Voice and picture on disk, one file a track: `media/{lesson}/{track}.objects`. docs/build/media.md, F1 to F3."""
