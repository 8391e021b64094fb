"""The survey by link: whoever has the link of a job says how it went, once, without an account."""
