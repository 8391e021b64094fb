"""Who may be written to: consents, opt-outs and suppressions, and what is left of them after an erasure."""
