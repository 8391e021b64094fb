"""Lifecycle of a ticket: closing, archiving, retention and missed response times."""
