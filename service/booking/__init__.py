"""A customer books an inspection or a walkthrough themselves, from times that are really free."""
