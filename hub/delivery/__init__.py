"""How news goes out: one attempt at a time, in order, with patience, and doubt where it is due."""
