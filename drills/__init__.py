"""Drills: what is too long for a test and too important to be only described. docs/drills.md has their figures."""
