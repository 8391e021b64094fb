"""Leads of the demo: how soon they were answered, and what is nothing for us."""
