"""The pattern of an amount of money in a text. Pure."""

import re

_NUMBER = r"\d+(?:[.,]\d+)*"
# A number begins where no earlier digit belongs to it: in a long row of digits it is tried once.
AMOUNT = re.compile(
    rf"(?:[$€£]|\b(?:USD|EUR|GBP)) ?{_NUMBER}(?:k\b)?"
    rf"|(?<!\d)(?<!\d[.,]){_NUMBER} ?(?:[$€£]|(?:USD|EUR|GBP|euro|dollars?)\b)",
    re.IGNORECASE,
)
