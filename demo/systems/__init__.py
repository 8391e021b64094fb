"""What other systems know of a demo organization: programs, webhooks, mailboxes."""
