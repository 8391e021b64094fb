"""The customer's page of an invoice: what is open and why, how to pay it, and what they tell us about it."""
