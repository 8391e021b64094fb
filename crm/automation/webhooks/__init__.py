"""Webhooks: signed HTTP calls from rules to the organization's other systems, restricted to public addresses."""
