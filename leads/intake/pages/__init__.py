"""Intake pages for members: the doors, the submissions, and logging a call or chat."""
