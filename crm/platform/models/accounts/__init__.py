"""Who signs in, by which link, and how they were asked to."""
