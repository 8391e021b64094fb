"""What tests of suggestions share with those of records: the house, a conversation, and messages in it."""

from tests.assistant.records.conftest import house, says, ticket

__all__ = ["house", "says", "ticket"]
