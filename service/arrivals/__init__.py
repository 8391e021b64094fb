"""Arrivals: a crew reports that it is on its way, late or there; customers are told, and the office sees it."""
