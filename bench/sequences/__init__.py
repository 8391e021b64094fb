"""Sequences: what a tick costs with 100,000 people enrolled, and how fast two processes do steps of each kind."""
