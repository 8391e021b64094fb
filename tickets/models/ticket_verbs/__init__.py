"""What the verbs of a ticket decide and change, by subject. The verbs are methods of Ticket."""
