"""Quotes: the price book, taxes, and what customers are offered."""
