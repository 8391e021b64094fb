"""Allowed document types, detected from the file's bytes, and uploads."""
