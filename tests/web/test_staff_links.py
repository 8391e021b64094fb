"""Staff write by the composer: what a mail program or a telephone sends passes no gate and is in no log."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = re.compile(r"(?:href|action)=\"(?:mailto|sms):|f\"(?:mailto|sms):\{")
# The customer's own page; addresses in calendar entries, and the one that a push service is given.
OTHERS = ("templates/portal/", "comms/invitations/answer.py", "crm/web/notices/delivery/push.py")


def test_no_page_of_staff_leads_to_a_mail_program_or_a_telephones_texts() -> None:
    apps = ("templates", "crm", "comms", "leads", "tickets", "followups", "service", "reports")
    files = (path for app in apps for path in (ROOT / app).rglob("*") if path.suffix in (".html", ".py"))
    leading = {str(path.relative_to(ROOT)) for path in files if OUTSIDE.search(path.read_text())}
    assert {name for name in leading if not name.startswith(OTHERS)} == set()
