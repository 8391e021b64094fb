"""Automation of conversations: record kind, triggers, actions and signals."""
