"""Which ticket a message is on, by what evidence, and what of it a colleague is asked about (RULES 3.1, 3.5)."""
