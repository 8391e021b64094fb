"""Calls of a language model: what is hidden before, what they cost, their log, and the checks of an answer."""
