"""Fields of leads that a tenant adds: their settings page, their form on the lead, and filters by them."""
