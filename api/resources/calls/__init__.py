"""Calls on tracking numbers, and the numbers."""
