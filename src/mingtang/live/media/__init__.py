"""Voice and picture while they happen: objects come in from who is on the stage and go out to who wants them. Nothing
here is truth about the lesson: what may be sent and who may have it is read from the lesson's activity `media`."""
