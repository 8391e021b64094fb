"""Call recordings: fetched from the provider, restricted, deleted after a time."""
