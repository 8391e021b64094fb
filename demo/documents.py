"""Create the demo's documents: contracts, permits, photos drawn here, and a letter that is still asked for.

Kept by the verbs, at the times they came in, so that timelines and galleries tell of them.
"""

import io
from datetime import datetime, timedelta

from django.utils.translation import override
from PIL import Image, ImageDraw

from crm.documents.files.inspection import Inspected, inspect
from crm.documents.kinds import begin, document_kinds
from crm.documents.models import Document, DocumentKind, DocumentRequest, DocumentVisibility
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.organization.configuration import directory

# So many other leads have some, too.
OTHERS = 3
_WORDS = {
    "en": {
        "contract": "Contract, signed",
        "permit": "City permit BLD-26-0417",
        "memo": "Measurements, only for us",
        "photo": "Day {day}, picture {number}",
        "policy": "Insurance policy",
        "asked": "Claim letter of your insurer",
        "note": "Both pages, please: the amount is on the second.",
        "colour": "Colour you chose",
        "colour_note": "A photo of the sample is enough.",
    },
    "nl": {
        "contract": "Opdrachtbevestiging, ondertekend",
        "permit": "Melding netbeheerder 26-0417",
        "memo": "Opname, alleen voor ons",
        "photo": "Dag {day}, foto {number}",
        "policy": "Opstalverzekering",
        "asked": "Foto van je meterkast",
        "note": "Met de deur open, zodat we de groepen zien.",
        "colour": "Plek van de laadpaal",
        "colour_note": "Een foto van de gevel is genoeg.",
    },
}


def create_documents(now: datetime, customer: str) -> None:
    """Create them inside the tenant, after its jobs; `customer`: the address of who comes in to look at theirs."""
    language = directory().tenant.language
    words = _WORDS.get(language, _WORDS["en"])
    with override(language):
        begin()
        mine = _jobs_of(customer)
        # Nobody has a contract of what is not sold.
        for number, job in enumerate([*(job for job in mine[:2] if job.is_sold), *_others(mine)]):
            _fill(job, now, words, is_first=number == 0)


def _jobs_of(customer: str) -> list[Job]:
    """Return the customer's open jobs, what is sold first."""
    people = ContactPoint.objects.filter(value=customer).values("person_id")
    jobs = Job.objects.open().filter(person__in=people).select_related("member", "site", "person")
    return sorted(jobs, key=lambda job: (not job.is_sold, job.number))


def _others(mine: list[Job]) -> list[Job]:
    rows = Job.objects.open().exclude(pk__in=[job.pk for job in mine]).filter(member__active=True, person__isnull=False)
    sold = [job for job in rows.select_related("member", "site", "person").order_by("-number")[:200] if job.is_sold]
    return sold[:OTHERS]


def _kind(position: int) -> DocumentKind:
    """Return one of the kinds a tenant starts with, by its place among them (crm/documents/kinds.py)."""
    return list(document_kinds().values())[position]


def _fill(job: Job, now: datetime, words: dict[str, str], *, is_first: bool) -> None:
    keep = _Keeper(job, now)
    keep.paper(words["contract"], 0, days=20, shown=True)
    keep.paper(words["memo"], 10, days=18, shown=False)
    keep.paper(words["permit"], 1, days=9, shown=True)
    for number in range(1, 4 if is_first else 2):
        keep.photo(words["photo"].format(day=1, number=number), hours=30 - number, done=number / 5)
    if is_first:
        keep.photo(words["photo"].format(day=2, number=1), hours=3, done=0.66)
        policy = keep.paper(words["policy"], 4, days=15, shown=True)
        policy.set_expiry((now + timedelta(days=25)).date(), by=job.member)
        with clock.at(now - timedelta(hours=20)):
            for title, note, position, days in (("asked", "note", 3, 3), ("colour", "colour_note", 10, 6)):
                due_on = (now + timedelta(days=days)).date()
                DocumentRequest.ask(
                    job, words[title], kind=_kind(position), by=job.member, note=words[note], due_on=due_on
                )


class _Keeper:
    """Keeps documents of a job at times before now."""

    def __init__(self, job: Job, now: datetime) -> None:
        self.job, self.now = job, now

    def paper(self, title: str, position: int, *, days: int, shown: bool) -> Document:
        lines = [title, self.job.title, str(self.job.site or ""), f"{self.now - timedelta(days=days):%d.%m.%Y}"]
        return self._keep(inspect(pdf(lines), "paper.pdf"), title, position, timedelta(days=days), shown)

    def photo(self, title: str, *, hours: int, done: float) -> Document:
        return self._keep(inspect(drawn(done), "photo.jpg"), title, 2, timedelta(hours=hours), shown=True)

    def _keep(self, file: Inspected, title: str, position: int, ago: timedelta, shown: bool) -> Document:
        with clock.at(self.now - ago):
            return Document.add(
                file,
                kind=_kind(position),
                by=self.job.member,
                job=self.job,
                title=title,
                visibility=DocumentVisibility.CUSTOMER if shown else DocumentVisibility.INTERNAL,
            )


def drawn(done: float) -> bytes:
    """Draw a house whose roof is laid so far, as a small JPEG."""
    picture = Image.new("RGB", (480, 360), (176, 208, 236))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 270, 480, 360), fill=(126, 150, 96))
    draw.rectangle((110, 180, 370, 290), fill=(226, 214, 196))
    draw.polygon([(80, 184), (240, 80), (400, 184)], fill=(188, 164, 130))
    reach = 184 - int(104 * done)
    for y in range(184, reach, -8):
        half = int(160 * (y - 80) / 104)
        draw.rectangle((240 - half, y - 7, 240 + half, y), fill=(84, 88, 98))
        draw.line((240 - half, y, 240 + half, y), fill=(58, 60, 70))
    draw.rectangle((222, 226, 258, 290), fill=(112, 82, 62))
    for x in (140, 296):
        draw.rectangle((x, 212, x + 44, 246), fill=(146, 178, 204), outline=(90, 90, 90))
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=72)
    return made.getvalue()


def pdf(lines: list[str]) -> bytes:
    """Write a PDF of one page with these lines; letters outside Latin-1 become question marks."""
    escaped = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in lines if line]
    shown = "\n".join(f"({line}) Tj 0 -28 Td" for line in escaped)
    stream = f"BT /F1 18 Tf 72 740 Td\n{shown}\nET".encode("latin-1", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)
