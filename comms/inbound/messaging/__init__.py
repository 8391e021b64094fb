"""What texts and WhatsApp messages have besides words: senders without a number, reactions, changes, choices."""
