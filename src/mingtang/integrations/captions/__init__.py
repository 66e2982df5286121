"""Sound for machines: what is said on a track, decoded here to 16 kHz, for an engine that writes it down. Live and from
what was recorded by the same way."""
