"""External texts in a form that Postgres can store."""

from typing import Any


def clean_text(text: str, most: int | None = None) -> str:
    """Return a text without NUL and lone surrogates, cut to `most` characters."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if most is None:
        return text
    return text[:most]


def clean_all(value: Any) -> Any:
    """Return a JSON value with every text cleaned."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_all(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [clean_all(each) for each in value]
    return value
