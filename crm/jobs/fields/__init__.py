"""Custom fields of leads: their settings page, their form on the lead, and filters by them."""
