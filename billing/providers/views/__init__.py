"""Pages of online payments: the public ones, and the settings."""
