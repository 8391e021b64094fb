"""Mailboxes that members connect themselves: sign-in, folders, choice, sharing and disconnecting."""
