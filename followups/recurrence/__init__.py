"""Follow-ups that repeat: their occurrences, edits, words and pages."""
