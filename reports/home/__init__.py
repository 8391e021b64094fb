"""A member’s own page, and the sections of figures that it and the mailed reports share."""
