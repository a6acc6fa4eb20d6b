"""The outbox: the client commits the central side with a note of the operation; a relay applies what agents do, later."""
