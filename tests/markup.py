"""Pages as tests read them: the line breaks of a template are for who reads the template."""

import re

BREAK = r"\s*\n\s*"
# At the end of a tag or of an element; at the start of one; between two elements.
ENDING = re.compile(rf"{BREAK}(?=>|</)")
STARTING = re.compile(rf"(<[a-z][^<>]*>){BREAK}")
BETWEEN = re.compile(rf"(?<=>){BREAK}(?=<)")


def flat(html: str) -> str:
    """The markup without its line breaks: nothing in place of one beside a tag, a space between words or attributes."""
    return re.sub(BREAK, " ", BETWEEN.sub("", STARTING.sub(r"\1", ENDING.sub("", html)))).strip()
