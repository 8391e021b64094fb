"""Everything that arrives: stored raw before anybody reads it, then read by a worker; parked where that fails."""
