"""How things come in: received or polled raw, kept, read, accepted."""
