"""Implementation of the verbs of Ticket, by subject."""
