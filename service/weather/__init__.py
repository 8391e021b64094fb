"""Weather holds: move the appointments of a day with bad weather, after a preview of the new times."""
