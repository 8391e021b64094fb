"""Notes on tickets: for the team alone, for a part of it, and never sent (docs/rules.md#notes)."""
