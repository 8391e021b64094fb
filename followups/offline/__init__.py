"""Follow-ups on a phone without a network: the day's page, changes that were made there, and their conflicts."""
