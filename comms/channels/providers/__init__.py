"""Providers, one per file."""
