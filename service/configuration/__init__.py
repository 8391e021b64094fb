"""Sections of the configuration file about service: limits of offers, and project templates."""
