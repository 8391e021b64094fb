"""Unusual days: counts outside the usual range of their weekday."""
