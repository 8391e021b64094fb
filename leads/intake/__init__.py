"""Intake of new leads: store each submission unchanged, read it in a worker, and park it if that fails."""
