"""The life of a ticket: who has it, where it stands, what it is merged with, what is said about it inside."""
