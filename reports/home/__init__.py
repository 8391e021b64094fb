"""A member’s home page, and the sections of figures it shares with the mailed reports."""
