"""Stored daily figures of leads, so that a report of a year need not read a year of leads."""
