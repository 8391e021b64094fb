"""What a message is, how it arrives, how it leaves, and why it was or was not sent. Knows no tickets and no leads."""
