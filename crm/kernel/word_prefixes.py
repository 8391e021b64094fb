"""Match what was typed with words that begin like it: the rule of the palette and of the search of the settings."""

_SIGNS = ".,;:()“”\"'?!/"


def matches(text: str, *sources: object) -> bool:
    """Tell whether each typed word is the beginning of a word of the sources."""
    words = split_words(*sources)
    return all(any(word.startswith(typed) for word in words) for typed in split_words(text))


def is_named(text: str, *sources: object) -> bool:
    """Tell whether something was typed, and all of it as whole words of the sources: "dark", not "d"."""
    return set() < set(split_words(text)) <= set(split_words(*sources))


def split_words(*sources: object) -> list[str]:
    """Return the words of several texts in lower case, without the signs around them."""
    words = " ".join(str(source) for source in sources).casefold().replace("-", " ").split()
    return [word.strip(_SIGNS) for word in words]
