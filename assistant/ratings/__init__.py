"""Ratings of summaries and drafts: one click by a member, and their figures on the settings page."""
