"""Views of commissions: the list, a statement, and the settings."""
