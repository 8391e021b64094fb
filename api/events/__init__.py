"""Events as programs get them: the types, what of an event is public, the feed that is polled."""
