"""Private conversations: of one reader alone, until they share them (docs/private-mail.md)."""
