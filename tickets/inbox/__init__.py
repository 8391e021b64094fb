"""The inbox: the list of tickets, one conversation, and what is written there."""
