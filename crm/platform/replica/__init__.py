"""Reads from a streaming standby, where figures may be some seconds old."""
