"""Pages of connections in the settings."""
