"""Scores of leads and customers: points first, statistics of the organization's own leads when there are enough."""
