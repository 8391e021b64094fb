"""Webhooks for events: subscriptions by API and in the settings, deliveries, and how other tools are connected."""
