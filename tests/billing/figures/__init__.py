"""Figures of billing."""
