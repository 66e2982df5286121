"""Voice and picture as the log has them: who is on the stage, which tracks there are, who may be recorded, and which
one device is the room's ears and mouth. The sound and the pictures themselves go another way (docs/build/media.md)."""
