"""The engine: finds the rules that an event or a due time starts, and runs their steps."""
