"""The dashboard: what needs a manager now, how old the work is, who has how much of it, and what it will bring."""
