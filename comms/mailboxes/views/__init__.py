"""Pages of members' own mailboxes, and the organization's rules for them."""
