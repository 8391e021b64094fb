"""CannotStart: the error shown as one clear sentence instead of a traceback."""


class CannotStart(Exception):
    """Something outside the program is missing or in the way; the message says what, and what to do about it."""
