"""Meaning of customers' words: thanks that need no answer, and words that sound upset."""
