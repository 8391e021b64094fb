"""Choose which folders and emails of a member's own mailbox are read (docs/private-mail.md)."""
