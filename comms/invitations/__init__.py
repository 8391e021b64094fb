"""Invitations from external calendars: shown with their message and answered to the organizer."""
