"""Leads and jobs: opened, corrected, moved, assigned, ended."""
