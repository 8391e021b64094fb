"""Tests of the export to accounting."""
