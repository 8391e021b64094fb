"""Webhooks: what rules tell the organization's other systems, signed, through the guard of the public network."""
