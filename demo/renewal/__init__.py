"""Keeping the demo of today: how old its data are, and making them anew."""
