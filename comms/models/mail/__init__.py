"""What is kept of mailboxes: how far each folder was read, and which senders a member judged."""
