"""How events reach who wants them: planned with the event, sent by the server's loop, tried again by the clock."""
