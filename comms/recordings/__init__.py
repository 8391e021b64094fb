"""Recordings of calls: fetched from the provider, heard by few, removed after their days."""
