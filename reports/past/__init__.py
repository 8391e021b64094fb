"""The list of leads as it was at the end of a past day."""
