"""Sections of the configuration file about billing: terms, reminders of late invoices, bookkeeping."""
