"""Figures of quotes."""
