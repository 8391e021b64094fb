"""Synchronization of members' calendars with other systems."""
