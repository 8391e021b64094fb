"""Spend of sources: amounts by month or per lead, typed on a page or imported from a file."""
