"""CorrectionInput: a field of a form that corrects a fact where it is shown."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class CorrectionInput:
    """One field of a form."""

    name: str
    label: str | Promise
    value: str = ""
    mode: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    hint: str | Promise = ""
    # Of the element: "date" has the browser's own way to choose one.
    kind: str = "text"
