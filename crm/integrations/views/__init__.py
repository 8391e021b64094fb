"""Views of connected calendars."""
