"""The details of a follow-up or series in forms: its length, its link to meet by video, its reminders."""
