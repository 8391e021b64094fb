"""Text analysis of short messages: folding, clauses, quotations. Pure."""
