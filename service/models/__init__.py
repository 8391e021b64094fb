"""The models of service."""
