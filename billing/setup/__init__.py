"""Settings of billing: how brands bill, and when late invoices are reminded."""
