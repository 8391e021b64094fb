"""Sources of leads with their campaigns, and what is spent on them."""
