"""Arrivals: a crew reports that it is on its way, late or on site. Customers are notified, and the office sees it."""
