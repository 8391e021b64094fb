"""The job page: progress, conversation, team, documents, and the customer's other places."""
