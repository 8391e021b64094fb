"""Subscribers and due handlers of messages; imported when Django starts."""
