"""Sections of the configuration file about quotes: terms, discounts, units, suppliers, taxes."""
