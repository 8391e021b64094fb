"""Sign-in by token to mailboxes of Google and Microsoft (OAuth 2, SASL XOAUTH2)."""
