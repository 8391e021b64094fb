"""Sections of the configuration file about messages: senders, limits, recordings, templates."""
