"""The editor of a rule: the typed draft, and the definition made from it."""
