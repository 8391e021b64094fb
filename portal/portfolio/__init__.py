"""A customer's places with work: under way, pending and done."""
