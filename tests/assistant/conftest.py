"""What tests of the assistant share: the house in use, and a conversation in it."""

from tests.tickets.conftest import house, ticket

__all__ = ["house", "ticket"]
