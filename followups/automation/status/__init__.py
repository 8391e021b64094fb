"""Status triggers as YAML: read, planned line by line, made into rules, and written back."""
