"""Quotes on paper: the PDF of a version, and the sealed PDF of what a customer accepted."""
