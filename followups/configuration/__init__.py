"""Sections of the configuration file about follow-ups: types, templates, reminders, cadences, sequences."""
