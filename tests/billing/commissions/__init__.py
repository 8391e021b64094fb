"""Tests of commissions."""
