"""Prometheus metrics and OpenTelemetry traces; both are off, and not imported, until a setting switches them on."""
