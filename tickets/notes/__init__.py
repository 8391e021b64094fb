"""Notes on tickets: visible to the team or a part of it, never sent (docs/rules.md#notes)."""
