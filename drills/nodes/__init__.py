"""Several machines, each a network namespace of this one, and what happens when one of them is lost."""
