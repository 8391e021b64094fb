"""Create the demo's conversations: tickets, messages, notes and participants of customers that the jobs brought in."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

from comms.mail import threads
from comms.models import Channel, Message
from comms.models.message import searchable_text
from crm.jobs.clock.crossings import schedule
from crm.jobs.mentions import mentioned_members
from crm.jobs.models import Job
from crm.people.models import ContactPoint
from crm.platform.models import Member, NumberBlock
from crm.platform.organization.configuration import directory
from demo.assignment import PLANS
from demo.conversations import charging, roofing
from demo.conversations.drafts import begin_answers, put_off, wake_later
from demo.conversations.history import create_events
from demo.conversations.macros import create_macros
from demo.conversations.policies import create_policies, put_partners_first
from demo.conversations.recordings import create_recording
from demo.conversations.script import AUTO, AWAY, NOTE, SPOUSE, THEM, US, Conversation, Script, Turn
from demo.conversations.standing import stand
from demo.conversations.tags import create_tags, tags_for
from demo.conversations.times import times
from demo.stories.job_history import fresh_ids
from tickets.models import Entry, EntryMove, Mention, Participant, Status, Ticket
from tickets.models.participant import Role
from tickets.models.ticket_verbs.ending import schedule_end

SCRIPTS: dict[str, Sequence[Script]] = {"suncoast": roofing.SCRIPTS, "chargeline": charging.SCRIPTS}
# So many more of each short conversation are over.
_EARLIER, _LONG = 9, 10
_ENDS = (False, True)
_POINTS = {"email": "email", "sms": "phone", "whatsapp": "phone", "call": "phone"}


def create_conversations(organization: str, now: datetime, *, boss: str) -> int:
    """Create them in the tenant in use, after its jobs and channels; return how many."""
    random = Random(f"conversations of {organization}")  # noqa: S311 (made-up data, the same every time)
    writer = Writer(now, organization, boss, random)
    create_macros(organization, writer.tags)
    create_policies(organization, writer.tags)
    for script in SCRIPTS[organization]:
        for ago in (*script.ago, *_earlier(script, random)):
            writer.add(script, ago)
    writer.write()
    put_partners_first()
    return len(writer.tickets)


def _earlier(script: Script, random: Random) -> list[float]:
    """Return when short ones of the two months before ended: most of what was ever written is done."""
    is_short = script.status in ("solved", "closed") and len(script.turns) < _LONG
    return [random.uniform(180, 1400) for _ in range(_EARLIER)] if is_short else []


def shares(organization: str, staff: Sequence[Member]) -> list[Member]:
    """Return the staff in the order they get conversations: those people sign in as most, everybody some."""
    emails = dict(Member.objects.values_list("user__email", "pk"))
    members = {row.pk: row for row in staff}
    first = {role: members[emails[f"{role}@{organization}.example"]] for role in ("rep", "service", "manager", "admin")}
    others: Iterator[Member] = cycle([row for row in staff if row not in first.values()])
    roles = "rep - service manager rep - service rep admin - service manager -".split()
    return [first[role] if role in first else next(others) for role in roles]


def dated_id(at: datetime, bits: int) -> UUID:
    """Return a UUID of version 7 for an instant, as Postgres makes them: lists of the API are sorted by it."""
    milliseconds = int(at.timestamp() * 1000)
    random_bits = bits & ((1 << 76) - 1) & ~(0b11 << 62)
    return UUID(int=milliseconds << 80 | 7 << 76 | 0b10 << 62 | random_bits)


class Writer:
    """Collects the rows of all conversations, then stores them, one statement a table."""

    def __init__(self, now: datetime, organization: str, boss: str, random: Random) -> None:
        self.now, self.random, self.tags = now, random, create_tags(organization)
        here = directory()
        self.boss = next(row for row in here.members.values() if row.name == boss)
        staff = [row for row in here.members.values() if row.active]
        self.turns = {ended: cycle(shares(organization, staff)) for ended in _ENDS}
        self.by_hand = PLANS[organization].by_hand
        self.channels = {
            (row.brand_id, row.medium): row
            for row in Channel.objects.filter(role="support", archived_at=None, owner=None).order_by("-pk")
        }
        self.jobs = list(Job.objects.filter(person__isnull=False, waiting_since=None).select_related("person", "site"))
        self.jobs.sort(key=lambda job: job.number, reverse=True)
        self.points: dict[tuple[int, str], ContactPoint] = {}
        for point in ContactPoint.objects.order_by("-pk"):
            self.points[point.person_id, point.kind] = point
        self.tickets: list[Ticket] = []
        self.messages: list[Message] = []
        self.entries: list[Entry] = []
        self.participants: list[Participant] = []
        self.moves: list[EntryMove] = []
        self._ids = iter(fresh_ids(Message, 1500))
        self._ticket_ids = iter(fresh_ids(Ticket, 400))
        self._entry_ids = iter(fresh_ids(Entry, 2000))

    def add(self, script: Script, ago: float) -> None:
        """Add one conversation, with the next customer who can be reached that way and speaks its language."""
        job = self._customer(script)
        if job is None or job.person is None:
            return
        member = next(self.turns[script.status in ("solved", "closed")])
        words = {
            "customer": job.person.name,
            "name": job.person.name.split()[0],
            "me": member.name.split()[0],
            "boss": self.boss.name,
            "street": job.site.street if job.site else job.place,
        }
        conversation = Conversation(script, ago, words)
        calendar_id = directory().calendar_of(job.brand_id)
        hours = directory().calendars[calendar_id] if calendar_id else None
        instants = times(script, ago, self.now, hours, directory().zone, self.random)
        ticket = self._ticket(job, conversation, member, instants[0])
        said = [self._say(ticket, conversation, *pair, member) for pair in zip(script.turns, instants, strict=True)]
        stand(ticket, [entry for entry in said if entry.message], script, instants[-1], self.now)
        self._take_part(ticket, job, script)
        if script.merged:
            self._merge(ticket, conversation, member, instants[0] + timedelta(hours=1))
        if script.split:
            self._split(ticket, conversation, said[-script.split :], member)

    def _customer(self, script: Script) -> Job | None:
        kinds = {_POINTS[turn.medium or script.medium] for turn in script.turns}
        for at, job in enumerate(self.jobs):
            if script.unassigned and directory().brands[job.brand_id].name != self.by_hand:
                continue
            speaks = (job.person.language or directory().brands[job.brand_id].language) == script.language
            if speaks and all((job.person_id, kind) in self.points for kind in kinds):
                return self.jobs.pop(at)
        return None

    def _ticket(self, job: Job, said: Conversation, member: Member, at: datetime) -> Ticket:
        script = said.script
        ticket = Ticket(
            pk=next(self._ticket_ids),
            number=0,
            subject=said.said(script.subject),
            brand_id=job.brand_id,
            job=None if script.unassigned else job,
            person=job.person,
            customer_name=said.words["customer"],
            priority=script.priority,
            member=None if script.unassigned else member,
            source_medium=script.medium,
            medium=script.medium,
            created_at=at,
            tag_ids=tags_for(f"{script.subject} {script.turns[0].text}", self.tags),
        )
        self.tickets.append(ticket)
        return ticket

    def _say(self, ticket: Ticket, said: Conversation, turn: Turn, at: datetime, member: Member) -> Entry:
        text = said.said(turn.text)
        if turn.who == NOTE:
            entry = Entry(pk=next(self._entry_ids), ticket=ticket, kind="note", at=at, author=member, body=text)
            entry.audience = turn.audience
        else:
            message = self._message(ticket, turn, text, turn.medium or said.script.medium, at, member)
            code = "written" if message.direction == "out" else self._matched(ticket, message)
            entry = Entry(
                pk=next(self._entry_ids), ticket=ticket, kind="message", at=at, message=message, matched_by=code
            )
        self.entries.append(entry)
        return entry

    def _matched(self, ticket: Ticket, message: Message) -> str:
        if not any(entry.ticket_id == ticket.pk for entry in self.entries[-60:]):
            return "new"
        return "in_reply_to" if message.medium == "email" else "same_number"

    def _message(self, ticket: Ticket, turn: Turn, text: str, medium: str, at: datetime, member: Member) -> Message:
        ours = turn.who in (US, AUTO)
        channel = self.channels.get((ticket.brand_id, medium))
        point = self.points[ticket.person_id or 0, _POINTS[medium]]
        address = f"partner.{point.value}" if turn.who == SPOUSE else point.value
        name = ticket.customer_name if turn.who != SPOUSE else ""
        uid = dated_id(at, self.random.getrandbits(128))
        mail_id = f"<{uid.hex}@{address.rpartition('@')[2]}>"
        if ours and channel:
            mail_id = threads.message_id(uid, channel.address.rpartition("@")[2])
        subject = ticket.subject if medium == "email" else ""
        first = not any(row.subject for row in self.messages[-1:])
        message = Message(
            pk=next(self._ids),
            uid=uid,
            brand_id=ticket.brand_id,
            channel=channel,
            medium=medium,
            direction="out" if ours else "in",
            person_id=None if turn.who == SPOUSE else ticket.person_id,
            contact_point=None if turn.who == SPOUSE else point,
            job_id=ticket.job_id,
            address=address,
            address_name=name,
            at=at,
            created_at=at,
            subject=subject if first or not subject else f"Re: {subject}",
            text=text,
            automatic="auto_reply" if turn.who == AWAY else "",
            state=("failed" if turn.bounced else "sent") if ours else "received",
            delivery=("bounced" if turn.bounced else "delivered") if ours else "",
            error="mailbox unavailable" if turn.bounced else "",
            sent_at=at if ours else None,
            author=member if turn.who == US else None,
            duration=turn.seconds,
            message_id=mail_id if medium == "email" else "",
        )
        message.search_text = searchable_text(message)
        self.messages.append(message)
        return message

    def _take_part(self, ticket: Ticket, job: Job, script: Script) -> None:
        mine = [row for row in self.messages if row.person_id == ticket.person_id and row.address]
        for at, address in enumerate(dict.fromkeys(row.address for row in mine[-60:])):
            row = Participant(ticket=ticket, person_id=job.person_id, address=address, name=ticket.customer_name)
            row.role, row.is_requester, row.confirmed_at = Role.CUSTOMER, at == 0, ticket.created_at
            self.participants.append(row)
        if any(turn.who == SPOUSE for turn in script.turns):
            # Nobody has said yet who that is: a banner asks.
            self.participants.append(Participant(ticket=ticket, address=f"partner.{mine[-1].address}"))

    def _merge(self, target: Ticket, said: Conversation, member: Member, at: datetime) -> None:
        """Add a second conversation of the same customer, whose message is on the first by now."""
        source = self._ticket_like(target, at)
        source.subject, source.merged_into_id = said.script.merged[:200], target.pk
        entry = self._say(target, said, Turn(THEM, 0, said.script.merged), at, member)
        moved = at + timedelta(hours=3)
        stand(source, [], Script("", "email", (), Status.CLOSED, ()), moved, self.now)
        self.moves.append(
            EntryMove(is_merge=True, source=source, target=target, entries=[entry.pk], participants=[], by=member)
        )
        self.moves[-1].at = moved
        self.moves[-1].source_before = {"status": "new", "solved_at": None, "closed_at": None}
        said_here = sorted((row for row in self.entries if row.ticket_id == target.pk), key=lambda row: row.at)
        stand(target, [row for row in said_here if row.message], said.script, said_here[-1].at, self.now)

    def _split(self, source: Ticket, said: Conversation, moved: Sequence[Entry], member: Member) -> None:
        """Move the last messages to a conversation of their own."""
        ticket = self._ticket_like(source, moved[0].at)
        ticket.continues_id, ticket.subject = source.pk, " ".join(moved[0].message.text.split())[:60]  # type: ignore[union-attr]
        for entry in moved:
            entry.ticket, entry.matched_by = ticket, "by_hand"
        stay = [row for row in self.entries if row.ticket_id == source.pk and row.message]
        stand(ticket, list(moved), said.script, moved[-1].at, self.now)
        stand(source, stay, Script("", "email", (), Status.PENDING, ()), stay[-1].at, self.now)
        ids = [entry.pk for entry in moved]
        self.moves.append(
            EntryMove(is_merge=False, source=source, target=ticket, entries=ids, participants=[], by=member)
        )
        self.moves[-1].at = min(self.now, moved[-1].at + timedelta(minutes=20))

    def _ticket_like(self, other: Ticket, at: datetime) -> Ticket:
        ticket = Ticket(pk=next(self._ticket_ids), number=0, status=Status.OPEN, created_at=at)
        for name in "brand_id job_id person_id customer_name member_id source_medium medium tag_ids".split():
            setattr(ticket, name, getattr(other, name))
        self.tickets.append(ticket)
        return ticket

    def _mentions(self) -> Iterator[Mention]:
        """Say whom the notes name; what is over they have read."""
        for entry in self.entries:
            if entry.kind == "note" and "@" in entry.body:
                read_at = entry.at if entry.ticket.solved_at else None
                for member in (one for one in mentioned_members(entry.body) if one.pk != entry.author_id):
                    yield Mention(entry=entry, member=member, read_at=read_at)

    def write(self) -> None:
        """Store the rows, numbered by when they began; schedule what comes next for each."""
        put_off(self.tickets, self.now)
        from_first = sorted(self.tickets, key=lambda row: (row.created_at, row.pk))
        first = NumberBlock.objects.allocate_numbers("ticket", len(from_first))
        for number, ticket in enumerate(from_first, first):
            ticket.number = number
        Ticket.objects.bulk_create(self.tickets, batch_size=500)
        Message.objects.bulk_create(self.messages, batch_size=500)
        Entry.objects.bulk_create(self.entries, batch_size=500)
        Participant.objects.bulk_create(self.participants, batch_size=500, ignore_conflicts=True)
        EntryMove.objects.bulk_create(self.moves)
        Mention.objects.bulk_create(self._mentions())
        create_recording(self.messages)
        schedule(self.tickets, self.now)
        for ticket in self.tickets:
            schedule_end(ticket)
        create_events(self.tickets, self.moves, self.messages)
        wake_later(self.tickets)
        begin_answers(self.tickets, directory().tenant.language)
