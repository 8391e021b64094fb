"""Invitations of others' calendars: shown with the message that brought them, and answered to their organizer."""
