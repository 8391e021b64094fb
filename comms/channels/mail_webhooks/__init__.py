"""Webhooks of email providers: signatures, delivery reports, and emails assembled from their fields."""
