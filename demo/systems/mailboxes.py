"""A mailbox that a member of the demo connected by IMAP: what it read is private, and its server asks to sign in again.

The server does not exist, so the demo shows the state in which nothing is fetched: the password was changed there.
"""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from comms.inbound import inbound_processing, inbound_storage
from comms.models import Channel, Inbound, MailAccount, MailboxConnection, MailboxDay, MailboxState, Medium
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours
from crm.people.models import ContactPoint
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from demo.stories.step_times import begin

HOST = "imap.mailbox.example"
FOLDERS = ({"name": "INBOX", "role": "inbox", "count": 412}, {"name": "Sent", "role": "sent", "count": 187})
HOUR = 3600
# What was written, by language: how many working hours ago, whether by the member, the subject and the text.
MAILS: dict[str, tuple[tuple[int, bool, str, str], ...]] = {
    "en": (
        (19, False, "Gate code", "Hi, the gate code is on the back of the mailbox. Please text me when you are there."),
        (18, True, "Re: Gate code", "Thank you, I have it. I will text you ten minutes before."),
        (6, False, "Re: Gate code", "One more thing: could you bring the shingle samples in the lighter grey?"),
    ),
    "nl": (
        (19, False, "Code van de poort", "Hallo, de code staat achter op de brievenbus. App je even als je er bent?"),
        (18, True, "Re: Code van de poort", "Dank je, ik heb hem. Ik laat tien minuten van tevoren iets weten."),
        (6, False, "Re: Code van de poort", "Nog iets: kun je de laadkabel van acht meter meenemen?"),
    ),
}
PROBLEMS = {
    "en": "The mailbox refuses the user name or password.",
    "nl": "De mailbox weigert de gebruikersnaam of het wachtwoord.",
}
SKIPPED = 31


def create_mailbox(now: datetime) -> None:
    """Connect the mailbox of the first rep and read its mail with one customer, inside the tenant."""
    house = directory()
    member = min((one for one in house.members.values() if one.role == Role.REP), key=lambda one: one.pk)
    point = _find_customer(member)
    if point is None:
        return
    with clock.at(now - timedelta(days=12)):
        connection = _connect(member)
    language = house.tenant.language
    for hours_ago, is_sent, subject, text in MAILS.get(language, MAILS["en"]):
        at = begin(_hours(), now, hours_ago * HOUR)
        with clock.at(at):
            _read(connection, _write_mail(connection.address, point.value, is_sent, subject, text, at), is_sent, at)
    _break_sign_in(connection, PROBLEMS.get(language, PROBLEMS["en"]), now)


def _find_customer(member: Member) -> ContactPoint | None:
    """Return the email address of a customer of the member's, who is waiting for nothing."""
    jobs = Job.objects.open().filter(member=member, person__isnull=False, waiting_since=None).order_by("-number")
    points = ContactPoint.objects.filter(kind="email", person__in=jobs.values("person")).order_by("pk")
    point: ContactPoint | None = points.first()
    return point


def _connect(member: Member) -> MailboxConnection:
    address = f"{member.name.split()[0].lower()}@mailbox.example"
    settings = {"host": HOST, "port": "993", "security": "tls", "username": address}
    settings |= {"smtp_host": "smtp.mailbox.example", "smtp_port": "587", "smtp_security": "starttls"}
    connection = MailboxConnection(member=member, account=MailAccount.IMAP, address=address)
    connection.channel = Channel.create(
        by=member,
        secrets={"password": "changed-since"},
        brand=directory().default_brand,
        medium=Medium.EMAIL,
        role=Channel.Role.PERSONAL,
        provider="imap",
        address=address,
        owner=member,
        connected_by_owner=True,
        settings=settings,
        sharing=Channel.Sharing.PRIVATE,
        fine_at=clock.now(),
    )
    connection.folder_list = list(FOLDERS)
    connection.folders = [str(folder["name"]) for folder in FOLDERS]
    connection.read_since = clock.now() - timedelta(days=30)
    connection.chosen_at = clock.now()
    # Never active: nothing is fetched from a server that does not exist.
    connection.state = MailboxState.BROKEN
    connection.save()
    return connection


def _write_mail(own: str, customer: str, is_sent: bool, subject: str, text: str, at: datetime) -> bytes:
    mail = EmailMessage()
    sender, recipient = customer, own
    if is_sent:
        sender, recipient = own, customer
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{at:%Y%m%d%H%M%S}.{own}>"
    mail.set_content(text)
    return mail.as_bytes()


def _read(connection: MailboxConnection, raw: bytes, is_sent: bool, at: datetime) -> None:
    """Store a mail as a visit to the mailbox does, and read it."""
    folder = FOLDERS[int(is_sent)]["name"]
    envelope = {"folder": folder, "is_sent": is_sent, "size": len(raw), "internal_date": at.isoformat()}
    inbound, _is_new = inbound_storage.keep(
        raw, kind=Inbound.Kind.MAIL, channel=connection.channel, provider="imap", envelope=envelope
    )
    inbound_processing.read_waiting([inbound.pk])
    MailboxDay.add(connection.pk, at.date(), stored=1, skipped=SKIPPED)


def _break_sign_in(connection: MailboxConnection, problem: str, now: datetime) -> None:
    with clock.at(now - timedelta(hours=5)):
        connection.note_failure(problem, needs_member=True)


def _hours() -> BusinessHours | None:
    house = directory()
    calendar_id = house.calendar_of(house.default_brand.pk)
    if calendar_id is None:
        return None
    return house.calendars[calendar_id]
