"""Separate the author's text from quotation and signature."""
