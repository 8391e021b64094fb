"""Customers: people, their companies and properties."""
