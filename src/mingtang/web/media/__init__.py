"""Voice and picture as they are kept: written down while they happen, given out again by HTTP. What is live goes over
the media socket."""
