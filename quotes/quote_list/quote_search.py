"""Search quotes by the words of their titles, with the index of title parts."""

from django.db import connection

# Shorter, a word is in too many titles.
SHORTEST = 2
MOST_WORDS = 8
LONGEST = 120


def find_by_title(text: str, *, most: int) -> list[int]:
    """Return the ids of the quotes changed last whose title has each word of a text; none for less than two letters.

    Whether the member may see them is for the caller to ask. One query.
    """
    words = sorted(set(text[:LONGEST].replace("\0", "").lower().split()[:MOST_WORDS]), key=len, reverse=True)
    if not words or len(words[0]) < SHORTEST:
        return []
    with connection.cursor() as cursor:
        cursor.execute("select quote_id from quotes_found(%s::text[], %s::integer)", [words, most])
        return [row[0] for row in cursor.fetchall()]
