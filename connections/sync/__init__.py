"""Synchronization of connections, and the alarms of those that fail."""
