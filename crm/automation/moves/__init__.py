"""Stage moves: rules that move leads after an event, set up in a step's settings, and proposals of such moves."""
