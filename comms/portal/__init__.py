"""Messages of the customer's own page: a medium of its own, without provider or channel."""
