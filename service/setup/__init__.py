"""Settings of service: project templates."""
