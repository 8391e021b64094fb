"""What colleagues see of intake: the doors, what came in by them, and the entry of a call or chat."""
