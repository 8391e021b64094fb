"""QuotePaper: everything that stands on the PDF of a quote, as it is printed in the customer's language."""

from dataclasses import dataclass

from libs.printed_pdf import PageLook

# Width and height of the box in which a signature is drawn (portal/quotes/signing.py).
SIGNATURE_BOX = (1000, 400)


@dataclass(frozen=True)
class PaperLine:
    """A line: its texts, and its quantity, price and amount as they are printed."""

    name: str
    details: str
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True)
class PaperSum:
    """A sum under the lines. `is_strong`: the total."""

    name: str
    amount: str
    is_strong: bool = False


@dataclass(frozen=True)
class PaperOption:
    """An option with its lines and sums; without a name if the quote has one price. `mark`: proposed or chosen."""

    name: str
    mark: str
    description: str
    lines: tuple[PaperLine, ...]
    sums: tuple[PaperSum, ...]


@dataclass(frozen=True)
class AcceptanceCertificate:
    """The last page of an accepted quote: who signed when, what was shown, and how their identity was proven.

    `strokes`: the signature as it was drawn, none if it was typed; x and y of each point, in a box of SIGNATURE_BOX.
    """

    facts: tuple[tuple[str, str], ...]
    consent: str
    verify_address: str
    strokes: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class QuotePaper:
    """A quote, ready to be printed."""

    look: PageLook
    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    intro: str
    options: tuple[PaperOption, ...]
    notes: tuple[str, ...]
    terms: str
    certificate: AcceptanceCertificate | None = None

    @property
    def typed(self) -> list[str]:
        """All texts that people typed, for the note about letters that can't be printed."""
        lines = [text for option in self.options for line in option.lines for text in (line.name, line.details)]
        names = [text for option in self.options for text in (option.name, option.description)]
        facts = [value for _name, value in self.facts]
        return [self.look.brand, self.subtitle, self.intro, self.terms, *facts, *names, *lines]
