"""Mailboxes that members connect themselves."""
