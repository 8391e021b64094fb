"""Conversation between a customer and the team about a job, on the customer's page."""
