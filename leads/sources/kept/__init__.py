"""Stored daily figures of leads, so that a yearly report need not read all leads."""
