"""Sections of the configuration file about the customers' pages: what roles see, and updates."""
