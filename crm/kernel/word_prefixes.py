"""Match typed words by prefix, as the palette and the settings search do."""

_SIGNS = ".,;:()“”\"'?!/"


def matches(text: str, *sources: object) -> bool:
    """Tell whether each typed word is a prefix of a word in the sources."""
    words = split_words(*sources)
    return all(any(word.startswith(typed) for word in words) for typed in split_words(text))


def is_named(text: str, *sources: object) -> bool:
    """Tell whether the text is not empty and each of its words is a whole word of the sources: "dark", not "d"."""
    return set() < set(split_words(text)) <= set(split_words(*sources))


def split_words(*sources: object) -> list[str]:
    """Return the words of several texts in lower case, without punctuation around them."""
    words = " ".join(str(source) for source in sources).casefold().replace("-", " ").split()
    return [word.strip(_SIGNS) for word in words]
