"""The page of a quote, where it is written, and its actions."""
