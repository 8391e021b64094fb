"""Mailed reports: recipients, rhythm and contents."""
