"""Export of invoices to accounting: a file in the format that a brand's accounting system imports."""
