"""Plan a follow-up from a form: read a typed line or fields, and plan what they say, once or as a series."""
