"""Sections of the configuration file about jobs: pipelines, reasons, fields, assignment, appointment types."""
