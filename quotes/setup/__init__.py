"""Settings of quotes: what new ones begin with, discount limits, and templates."""
