"""Follow-ups: planned, done, moved to another time, handed over."""
