"""Quotes: read, drafted by an estimating tool, sent by a person's decision."""
