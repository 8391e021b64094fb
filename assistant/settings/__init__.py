"""The settings page of the assistant: the model, what it may read, what it costs, and what was asked."""
