"""Rules that come ready made: one click each."""
