"""A place, for colleagues: the work there, its people, claims, papers, and what stands on it."""
