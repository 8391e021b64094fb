"""Meaning of a customer's words: thanks that need no answer, and words that raise an alarm."""
