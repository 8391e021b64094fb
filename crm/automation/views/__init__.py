"""Views of triggers."""
