"""The status triggers of the brief as YAML: read, planned line by line, made into rules, and written back (S2, A1)."""
