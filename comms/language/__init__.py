"""The words of short messages: folded, split into clauses, without quotations. Pure; below every reader of texts."""
