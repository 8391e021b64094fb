"""Sizes of files, in bytes, and as people say them."""

KB, MB = 1_000, 1_000_000


def size_in_words(size: int) -> str:
    """Bytes as people say them: 600 kB, 2.4 MB."""
    if size < MB:
        return f"{max(1, round(size / KB))} kB"
    return f"{size / MB:.1f} MB".replace(".0 ", " ")
