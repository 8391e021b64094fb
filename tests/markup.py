"""Pages as tests read them: the line breaks of a template are for who reads the template."""

import re

BREAK = r"\s*\n\s*"
# At the end of a tag or of an element; at the start of one; between two elements.
ENDING = re.compile(rf"{BREAK}(?=>|</)")
STARTING = re.compile(rf"(<[a-z][^<>]*>){BREAK}")
BETWEEN = re.compile(rf"(?<=>){BREAK}(?=<)")
# Ids, tokens and nonces, which are drawn at random.
DRAWN = re.compile(r"[\w-]{22,}")


def flat(html: str) -> str:
    """The markup without its line breaks: nothing in place of one beside a tag, a space between words or attributes."""
    return re.sub(BREAK, " ", BETWEEN.sub("", STARTING.sub(r"\1", ENDING.sub("", html)))).strip()


def undrawn(html: str) -> str:
    """The page without what is drawn at random: any four digits stand in some id, once in many runs."""
    return DRAWN.sub("", html)
