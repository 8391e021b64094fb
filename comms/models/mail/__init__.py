"""State of mailboxes: the position in each folder, and members' judgements of senders."""
