"""The tour of a demo: ten stops for each role and for a customer, on rows of the demo's companies."""
