"""The inbox: the list of tickets, a conversation, and writing in it."""
