"""Message preferences that customers set themselves on a page with a signed address."""
