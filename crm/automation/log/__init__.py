"""The log: every run of every rule, as a list, and each in full."""
