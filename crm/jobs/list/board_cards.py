"""Render the cards of the board as HTML strings, like the rows of the list (docs/what-we-replace.md)."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.list.rows import LeadRowMaker, wait_mark
from crm.jobs.models import Job, Level
from crm.kernel import formats
from crm.web.reader import Reader
from crm.web.templatetags.look import avatar, icon


class Card(NamedTuple):
    """One lead as the board shows it; all strings formatted but not yet escaped, except `bar`."""

    number: int
    url: str
    move_url: str
    title: str
    value: str
    # Which stay it shows and which pipeline it is on, as the columns name it; no stay where nobody moves it.
    stay: str
    line: int
    bar: str
    css: str
    age: str
    step: str
    unread: int
    channel: str
    next_css: str
    next_icon: str
    next_step: str
    owner: str
    move: str


class CardMaker(LeadRowMaker):
    """Builds the cards of jobs for one reader."""

    def __init__(self, slug: str, reader: Reader, *, with_owner: bool, may_move: bool) -> None:
        super().__init__(slug, reader, with_owner=with_owner)
        self.may_move = may_move
        self.jobs = reverse("jobs:move", args=[slug, 0]).removesuffix("0/move/")
        self.nth = {pk: nth for nth, pk in enumerate(self.line.pipelines)}
        self.move = _("Move %(name)s")
        self.no_status = _("No status")
        if with_owner:
            self.owners = {pk: member.name for pk, member in self.members.items()}
        else:
            self.owners = {}

    def cards(self, jobs: Iterable[Job]) -> SafeString:
        """Render the cards of a column."""
        # Safe: html() escapes what people typed.
        return mark_safe("".join([html(self.card(job)) for job in jobs]))  # noqa: S308

    def card(self, job: Job) -> Card:
        """Build the card of a job."""
        words = ClockWords(job, self.reader)
        css, drawn, step = self._next_step(job, words.level)
        pipeline_id = job.pipeline_id
        return Card(
            job.number,
            f"{self.prefix}{job.number}/",
            f"{self.jobs}{job.number}/move/",
            job.title,
            self._short_value(job),
            job.stay if self.may_move and job.is_open else "",
            self.nth[pipeline_id],
            words.bar(self.shapes[pipeline_id], micro=True),
            words.css,
            words.age,
            self._step(words),
            job.unread_count if job.waiting_since else 0,
            job.unread_channel,
            css,
            drawn,
            step,
            self.owners.get(job.member_id or 0, ""),
            self.move,
        )

    def _short_value(self, job: Job) -> str:
        if job.value is None:
            return ""
        return formats.short_money(job.value, job.currency, self.reader.country, self.reader.language)

    def _step(self, words: ClockWords) -> str:
        if words.stage_id is None:
            return self.no_status
        name = self.line.stages[words.stage_id].name
        if words.level >= Level.HOLD:
            return name
        return words.hang or name


def html(card: Card) -> str:
    """Render the card, escaping everything a person typed."""
    title = escape(card.title)
    handle = ""
    if card.stay:
        handle = f' data-stay="{card.stay}" data-line="{card.line}"'
    value = ""
    if card.value:
        value = f"<span>{escape(card.value)}</span>"
    return (
        f'<article class="board-card" id="c{card.number}"{handle}><h3><a href="{card.url}">'
        f"<bdi>{title}</bdi></a>{value}</h3>{card.bar}"
        f'<div class="row"><span class="age {card.css}">{escape(card.age)}</span>'
        f'<span class="trunc">{escape(card.step)}</span>{wait_mark(card.unread, card.channel)}</div>'
        f'<div class="row">{_next_step_html(card)}{_face_html(card.owner) if card.owner else ""}'
        f"{_handle_html(card, title) if card.stay else ''}</div></article>\n"
    )


def _next_step_html(card: Card) -> str:
    if not card.next_step:
        return ""
    drawn = ""
    if card.next_icon:
        drawn = icon(card.next_icon)
    return f'<span class="next {card.next_css}">{drawn}<span class="trunc">{escape(card.next_step)}</span></span>'


def _handle_html(card: Card, title: str) -> str:
    label = card.move % {"name": title}
    return (
        f'<a class="card-move" data-act="move" id="m{card.number}" href="{card.move_url}" aria-label="{label}">'
        f"{icon('arrow-right-left')}</a>"
    )


def _face_html(name: str) -> str:
    return f'<span title="{escape(name)}">{avatar(name)}<span class="vh">{escape(name)}</span></span>'
