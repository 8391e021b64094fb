"""The panel of a record: what the assistant proposes beside a conversation, a lead or a customer."""
