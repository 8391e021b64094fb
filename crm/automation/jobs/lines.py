"""How a job stands on the pages of rules, and how one is found there."""

from crm.automation.registry.records import RecordLine
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.list.search import search
from crm.jobs.models import Job
from crm.kernel import formats
from crm.platform.models import Member
from crm.web.reader import Reader


def job_line(job: Job, reader: Reader) -> RecordLine:
    """Return the age, the small bar and the value of a job."""
    words = ClockWords(job, reader)
    worth = formats.money(job.value, job.currency, reader.country, reader.language) if job.value else ""
    return RecordLine(words.css, words.age, words.bar(shapes()[job.pipeline_id], micro=True), worth)


def found_jobs(member: Member, text: str) -> list[int]:
    """Return the jobs a text means, best first."""
    return [hit.job_id for hit in search(text, by=member, most=8)]
