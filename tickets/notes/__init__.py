"""Notes on tickets: for the team alone, for a part of it, and never sent (RULES 3.7, T14)."""
