"""The engine: from an event, or a time, to the rules it starts, and what they do."""
