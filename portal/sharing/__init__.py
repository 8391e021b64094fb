"""Customers share their job with other people."""
