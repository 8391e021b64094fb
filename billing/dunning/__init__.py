"""Reminders of late invoices, step by step."""
