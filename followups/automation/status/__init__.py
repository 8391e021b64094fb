"""Status triggers as YAML: parse, preview line by line, import as rules, and export."""
