"""Classify a `Mail` as a `MailVerdict`: a person's, a bounce, complaint, auto-reply, challenge, list or loop."""
