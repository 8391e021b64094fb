"""Views of invoices."""
