"""The one way a verb says no to a person: the sentence is the reason, in the words of a page."""


class Refused(ValueError):
    """What was asked cannot be; the text says why, to a person."""
