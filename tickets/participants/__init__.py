"""Who takes part in a ticket: as what, what they may see, who gets an answer, and whose matter it is."""
