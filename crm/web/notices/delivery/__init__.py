"""Delivery of notices to members who have no page open: by mail, push or text message, and when."""
