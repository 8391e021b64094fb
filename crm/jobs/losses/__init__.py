"""Reasons why jobs are lost or dropped: the form, the settings, and a new tenant's defaults."""
