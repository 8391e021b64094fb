"""Customers book an inspection or a walkthrough themselves, from free times."""
