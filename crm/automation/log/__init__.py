"""The log of rules: a list of all runs, and a page for each."""
