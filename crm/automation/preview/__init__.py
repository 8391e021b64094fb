"""Previews of rules: dry run over the past, planned steps, collisions of rules, and the map of all rules."""
