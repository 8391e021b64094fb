"""The page "Automatic and set aside": incoming messages without a conversation."""
