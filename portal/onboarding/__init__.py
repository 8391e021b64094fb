"""Onboarding: a checklist for setting up one's page, and a short tour."""
