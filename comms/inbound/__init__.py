"""Incoming items: stored raw, then read by a worker, and parked if that fails."""
