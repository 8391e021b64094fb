"""The one door for new leads: what comes in is kept as it came, read by a worker, and parked where it can't be read."""
