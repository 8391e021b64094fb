"""Taxes of quotes and invoices."""
