"""Bank files: what a bank says came in, and which invoices it pays."""
