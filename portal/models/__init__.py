"""The models of the portal."""
