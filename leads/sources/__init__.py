"""What leads cost and bring: where they come from, campaigns, spend, and the report that puts them side by side."""
