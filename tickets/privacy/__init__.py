"""Private conversations: visible to one member until shared (docs/private-mail.md)."""
