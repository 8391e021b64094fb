"""The list of leads as it stood at the close of a past day."""
