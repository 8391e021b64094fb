"""Sections of the configuration file about leads: campaigns, tracking words, first answers, work that is not done."""
