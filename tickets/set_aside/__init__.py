"""The page "Automatic and set aside": what came in and is on no conversation, and making a conversation of it."""
