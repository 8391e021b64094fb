"""Billing: invoices, payments, refunds, and the ledger."""
