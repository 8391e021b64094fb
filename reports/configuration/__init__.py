"""Sections of the configuration file about reports: the minutes that are saved by each act."""
