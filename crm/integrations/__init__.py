"""Connections to other systems: members' calendars and video meetings."""
