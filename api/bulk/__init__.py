"""Many writes in one request: each is done or refused as if it were sent alone."""
