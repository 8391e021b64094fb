"""A `Mail` to a `Verdict`: written by a person, or a bounce, complaint, auto-reply, challenge, list or loop."""
