"""Serve document bytes: expiring signed URLs, access checks, and responses that a browser does not execute."""
