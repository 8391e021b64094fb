"""Quotes and invoices of the demo."""
