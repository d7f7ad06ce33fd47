"""A day in the life of the hub, played against the imitations and checked from their side."""
