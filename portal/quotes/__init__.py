"""The customer's page of a quote: choose, ask, decline, accept; and the list of their quotes."""
