"""Rules that come ready made: the triggers of the briefs, one click each."""
