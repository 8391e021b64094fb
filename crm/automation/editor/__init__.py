"""The editor of a rule: what was typed, as sentences, and the definition it makes."""
