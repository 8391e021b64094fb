"""Calendar entries that mails bring (RFC 5545, 5546), read without expanding a rule of repetition."""
