"""Invoices: the list, their pages, and what issues them."""
