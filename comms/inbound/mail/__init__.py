"""Incoming email: read, classified and stored as messages."""
