"""Invoices, credit notes, receipts and statements on paper; electronic invoices."""
