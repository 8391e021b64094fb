"""Payments: receiving money and finding the invoices it is for."""
