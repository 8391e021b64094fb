"""What sources cost: amounts by month or per lead, typed on a page or read from a file."""
