"""Connections of an organization to other systems: accounting, and whatever sends or takes JSON and CSV."""
