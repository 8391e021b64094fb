"""Reminders of follow-ups: sending them, the daily digest, and the pages to choose them on."""
