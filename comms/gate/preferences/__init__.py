"""What customers choose for themselves on pages of their own, whose address is the key."""
