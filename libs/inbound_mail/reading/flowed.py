"""Decode format=flowed (RFC 3676): lines that end with a blank continue."""


def unflow(text: str, *, delete_space: bool) -> str:
    """Return the text with whole paragraphs; quotation marks and the signature line "-- " stay."""
    lines: list[str] = []
    depth = 0
    pieces = list[str]()

    def end() -> None:
        if pieces:
            lines.append((">" * depth + " " if depth else "") + "".join(pieces))
            pieces.clear()

    for raw in text.split("\n"):
        content = raw.lstrip(">")
        level = len(raw) - len(content)
        content = content.removeprefix(" ")
        if pieces and (level != depth or content == "-- "):
            end()
        depth = level
        flows = content.endswith(" ") and content != "-- "
        pieces.append(content[:-1] if flows and delete_space else content)
        if not flows:
            end()
    end()
    return "\n".join(lines)
