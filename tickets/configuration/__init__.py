"""Sections of the configuration file about conversations: macros, response times, and their life."""
