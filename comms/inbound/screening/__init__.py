"""What a mail that arrived is, next to what we have: a copy, or spam."""
