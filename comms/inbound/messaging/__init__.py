"""Texts and WhatsApp beyond plain text: senders without a number, reactions, edits, preferences."""
