"""Runs that issue many invoices: selected drafts, or the next part of the payment plans of selected jobs."""
