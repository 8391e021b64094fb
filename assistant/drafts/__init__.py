"""Drafts of replies and updates: a template and facts, compared and marked; a person puts them into the composer."""
