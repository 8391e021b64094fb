"""Charts drawn by the server: geometry in plain Python, each with a table of the same numbers (docs/reports.md)."""
