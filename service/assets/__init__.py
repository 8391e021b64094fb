"""Assets of a property, with warranty and maintenance."""
