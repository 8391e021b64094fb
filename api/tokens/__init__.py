"""Tokens of the API: what they may do, how they are found, and their page in the settings."""
