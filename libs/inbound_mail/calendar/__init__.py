"""Calendar entries of emails (RFC 5545, 5546), parsed without expanding recurrence rules."""
