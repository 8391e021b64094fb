"""Every address of a tenant: nobody signed in is sent to sign in, an outsider finds nothing, a role what it may.

Generated from the URL list, so that a new address cannot be forgotten; it only needs a sample for its arguments.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from crm.jobs.creation.job_creation import open_job
from crm.platform.access.permissions import allows, permission_matrix
from crm.platform.models import Brand, BusinessCalendar, Member
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tests.known_configuration import known

pytestmark = pytest.mark.long

NOBODYS = "00000000-0000-7000-8000-000000000000"


def configured(house: House, model: Any) -> Any:
    """What the house has one of."""
    with use_tenant(house.tenant):
        return model.objects.get()


# Arguments of addresses, from the house they are asked in.
SAMPLES: dict[str, Any] = {
    "tenant": lambda house: house.tenant.slug,
    "member": lambda house: house.rita.uid,
    "brand": lambda house: configured(house, Brand).uid,
    "calendar": lambda house: configured(house, BusinessCalendar).uid,
    **dict.fromkeys(("team", "invitation", "channel"), lambda house: NOBODYS),
    "number": lambda house: house.job.number,
    **dict.fromkeys(("pk", "instant", "call"), lambda house: 10**15),
    "kind": lambda house: "leads",
    "facet": lambda house: "intent",
    "code": lambda house: "nonesuch",
    **dict.fromkeys(("stop", "key", "line"), lambda house: NOBODYS),
    "source": lambda house: "nonesuch",
    "place": lambda house: "conversation",
    "uid": lambda house: "00000000-0000-7000-8000-000000000000",
}
# Addresses whose sample names nothing: a member who may, finds nothing there either.
NOTHING_THERE = {
    # No page is named, and no milestone of a template.
    *("pin", "service:describe_milestone"),
    # Only the file of another system can be tried.
    "connections:preview",
    *("calendar_reopen", "invitation_resend", "invitation_withdraw", "team", "team_archive", "team_restore"),
    *("export_run", "export_file", "cancel_export"),
    *(
        f"{app}:{verb}_view"
        for app in ("leads", "followups", "outbox", "set_aside", "quotes")
        for verb in ("edit", "update", "archive", "move")
    ),
    *(
        "labels:panel",
        "labels:review",
        "suggestions:conversation",
        "scores:person",
        "scores:objection",
        "timing:person",
    ),
    *("suggestions:person", "suggestions:answer"),
    *("comms:message", "comms:confirm_sender", "comms:answer_invitation", "composer:person"),
    *(f"set_aside:{verb}" for verb in ("converse", "mark_spam")),
    *(f"outbox:{verb}" for verb in "cancel send_now retry confirm log_call".split()),
    *("comms:channel", *(f"comms:channel_{verb}" for verb in ("test", "renew", "archive", "restore"))),
    *(f"comms:{name}" for name in "template preview_template template_settings template_versions mail_preview".split()),
    *(f"comms:{verb}_template" for verb in "archive restore approve mark ask test".split()),
    *("comms:restore_template_version", "comms:change_text_prices"),
    *(f"people:{name}" for name in "person correct confirm erase edit_view update_view archive_view move_view".split()),
    "ledger:panel",
    *(
        f"tickets:{verb}"
        for verb in "assign prioritize turn pause resume snooze wake solve close reopen merge split".split()
    ),
    *("tickets:legal_hold", "tickets:share", "tickets:take_over_mail"),
    "tickets:side",
    "tickets:take_details",
    *(f"tickets:{name}" for name in "people change_role confirm_participant remove_participant person".split()),
    *(f"tickets:{name}" for name in "edit_note delete_note restore_note pin_note note_versions".split()),
    "tickets:take_back_move",
    "tickets:forward",
    *("tickets:side", "callbacks:take_back"),
    "tickets:policy_run",
    *(f"tickets:{name}" for name in "tag macro edit_macro archive_macro restore_macro".split()),
    *(f"tickets:{verb}_sla" for verb in "edit move archive restore".split()),
    *(f"tickets:{verb}_view" for verb in "edit update archive move".split()),
    *(f"tickets:{name}" for name in "ticket thread mail reply note here why_due".split()),
    *("notice_read", "notice_take", "notice_mute_kind", "health_take", "health_quiet", "device_remove", "device_show"),
    *("api_tokens:revoke", "api_tokens:remove_app", "connected_apps:authorize", "connected_apps:disconnect"),
    *(
        f"webhooks:{verb}"
        for verb in "webhook edit events secret ping switch_off enable replay retry archive restore".split()
    ),
    "leads:import_run",
    *(f"intake:{name}" for name in "door edit example mapping rotate archive restore".split()),
    *(f"intake:{name}" for name in "submission map replay ignore".split()),
    "reports:acknowledge",
    "quotes:signed_document",
    *(f"billing:{name}" for name in "invoice_pdf invoice_ubl receipt_pdf statement_pdf".split()),
    *(f"billing:{name}" for name in "invoice edit_draft ask issue discard dispute settle promise reverse".split()),
    *(f"billing:{name}" for name in "approve refuse pay_back invoice_run cancel_invoice_run".split()),
    *("billing:parts", "billing:take_back_parts"),
    *(f"configuration_{name}" for name in ("import", "apply", "undo")),
    *("practice_run", "practice_cancel"),
    *(f"billing:{verb}_view" for verb in "edit update archive move".split()),
    *("accounting:export", "accounting:export_file"),
    *("connections:connect", "connections:add"),
    *(f"comms:{name}" for name in "choose_mail sign_in_imap read_mailbox disconnect_mailbox".split()),
    *(
        f"assistant:{name}"
        for name in "of_conversation of_customer of_property draft_reply summary switch rate".split()
    ),
    *(f"assistant:{name}" for name in "draft use_draft discard_draft call_text switch".split()),
    *(f"connections:{name}" for name in "connection edit set_keys sync switch_off switch_on take".split()),
    "connections:set_reviews",
    *(f"reviews:{verb}_view" for verb in "edit update archive move".split()),
    *(f"reviews:{name}" for name in "review answer match unmatch".split()),
    *(f"connections:{name}" for name in "set_rules set_feed replay dismiss disconnect waiting_file upload".split()),
    *(f"commissions:{verb}_view" for verb in "edit update archive move".split()),
    *(f"commissions:{name}" for name in "statement statement_pdf issue discard send pay".split()),
    "jobs:bulk_run",
    "jobs:bulk_cancel",
    *(f"followups:{name}" for name in "of_person person_mark edit_cadence archive_cadence restore_cadence".split()),
    "followups:bulk_run",
    "followups:bulk_cancel",
    *(f"followups:{verb}_note" for verb in ("edit", "delete", "restore")),
    *(f"followups:import_{name}" for name in "run cancel refused".split()),
    *(f"jobs:{verb}" for verb in ("part", "unmerge", "compare")),
    *(f"leads:import_{verb}" for verb in "choose decide duplicates cancel undo refusals".split()),
    *(f"leads:{name}" for name in "edit_partner archive_partner restore_partner remove_no_go".split()),
    *("parked_replay", "health_act"),
    *(
        f"tickets:{verb}"
        for verb in "choose_job attach make_lead confirm_reply dismiss_reply keep_together call take_back_call".split()
    ),
    *(f"comms:{name}" for name in "message confirm_sender raw replay discard".split()),
    *(f"comms:{name}" for name in "attachment attachment_preview keep_as_document mail_frame choose_pictures".split()),
    "recordings:recording",
    *(f"ledger:{name}" for name in "person stop_person go_on_person note_consent lift settle end_switch".split()),
    *(f"ledger:{verb}_view" for verb in "edit update archive move".split()),
    *("undo", "notice", "notice_mute"),
    *(f"quotes:{name}" for name in "quote pdf save_lines find_items add_item line discount like option".split()),
    "quotes:send",
    *(f"quotes:{verb}_line" for verb in "add change remove move".split()),
    *(f"quotes:{name}" for name in "use_book_price keep_price remove_option save_texts conditions set_terms".split()),
    *(f"quotes:{verb}" for verb in "revise drop_draft discard withdraw decline other_price approve".split()),
    *("quotes:request_approval", "quotes:refuse_approval", "quotes:save_template"),
    *("quotes:approve_contract", "quotes:return_contract"),
    *(f"quotes:{verb}_template" for verb in "edit archive restore".split()),
    *("portal_places:places", "portal_places:answer", "own_photo_image"),
    *(f"portal_access:{name}" for name in "person invite revoke sign_out reopen see look look_at_quote leave".split()),
    *(
        f"automation:{name}"
        for name in "stage_moves set_stage_moves rule turn_on versions go_back duplicate archive restore".split()
    ),
    *(f"automation:{name}" for name in "run stop_run retry_run person silence remove_points weigh_points".split()),
    *(f"automation:{name}" for name in "dry_run start_dry_run cancel_dry_run".split()),
    *(f"automation:{verb}_view" for verb in "edit update archive move".split()),
    *(f"jobs:{verb}" for verb in "pin unpin undo".split()),
    *(f"jobs:{verb}_pipeline" for verb in "move default archive restore rename type draw quote".split()),
    *(f"jobs:{verb}_step" for verb in "add guide rename move archive restore".split()),
    *(
        f"jobs:{name}"
        for name in "pipeline step targets first_touch_targets step_targets customer_texts tell_customers".split()
    ),
    *(f"jobs:{name}" for name in "rename_phase move_phase remove_phase sold_phase".split()),
    *(f"jobs:{verb}_source" for verb in "rename archive restore merge".split()),
    *(f"jobs:{verb}_lost_reason" for verb in "edit move archive restore".split()),
    "jobs:take_source_apart",
    *(f"prices:{name}" for name in "item edit set_price withdraw_price archive restore".split()),
    *(f"prices:{verb}_{noun}" for verb in ("edit", "archive", "restore") for noun in ("unit", "supplier", "kit")),
    *("prices:kit", "prices:set_kit_lines"),
    *(f"taxes:{name}" for name in "number remove_rate edit_class default_class archive_class restore_class".split()),
    *(f"prices:import_{name}" for name in "run cancel refused".split()),
    *(f"prices:{verb}_view" for verb in "edit update archive move".split()),
    *(f"leads:{verb}_campaign" for verb in "rename merge archive restore".split()),
    *("leads:take_campaign_apart", "leads:forget_match", "leads:undo_match"),
    *(f"leads:{verb}_number" for verb in "assign archive restore".split()),
    *(f"calls:{name}" for name in "panel excuse count take_back".split()),
    *(f"calls:{verb}_view" for verb in "edit update archive move".split()),
    *(f"jobs:{verb}_rule" for verb in "assignment move archive restore".split()),
    *(f"jobs:{verb}_{row}" for row in ("skill", "territory") for verb in "edit archive restore".split()),
    *(f"jobs:{verb}_tag" for verb in "edit merge archive restore".split()),
    *(f"jobs:{verb}_field" for verb in "edit archive restore".split()),
    "jobs:take_tag_apart",
    *(f"jobs:{name}" for name in "absence availability pause_member resume_member set_limits".split()),
    *(f"jobs:{verb}_absence" for verb in "add change end".split()),
    *(
        f"calendar:{verb}"
        for verb in "appointment confirm reschedule accept release cancel complete miss reopen".split()
    ),
    *(f"connected_calendars:{verb}" for verb in "decide choose sync reconnect disconnect".split()),
    *(f"calendar:{verb}_type" for verb in "edit archive restore".split()),
    "appointment_messages:told",
    *(f"documents:{name}" for name in "document file preview request upload begin_upload".split()),
    *("documents:of_person", "documents:add_to_person"),
    *(f"documents:{verb}" for verb in "show hide edit archive restore replace".split()),
    *(f"documents:{verb}" for verb in "remind accept refuse withdraw postpone".split()),
    *(f"documents:{verb}_kind" for verb in "edit archive restore".split()),
    *(f"documents:{verb}_view" for verb in "edit update archive move".split()),
    *(f"updates:{verb}" for verb in "set_cadence pause_plan resume_plan".split()),
    *(f"updates:{verb}" for verb in "update approve edit skip pause resume send_again leave_it".split()),
    *(f"updates:{verb}_view" for verb in "edit update archive move".split()),
    *(
        f"sequences:{name}"
        for name in "sequence turn_on versions go_back duplicate archive restore enrolment person_panel".split()
    ),
    *(f"sequences:{verb}" for verb in "start stop pause resume skip put_back enrol_customer".split()),
    *(f"sequences:{name}" for name in "trial_log move_version move_run move_cancel".split()),
    *(f"sequences:{verb}_view" for verb in "edit update archive move".split()),
    *(f"followups:{verb}" for verb in "series end_series resume_series skip unskip move_occurrence unmove".split()),
    *(f"followups:{verb}_kind" for verb in "edit move archive restore".split()),
    *("followups:move", "followups:edit"),
    *("followups:call", "followups:end_call", "followups:complete_on", "followups:rebalance"),
    *("followups:conflict", "followups:conflicts_of", "followups:decide", "followups:trial_result"),
    *(f"followups:{verb}_template" for verb in "edit archive restore".split()),
    *(
        f"followups:{verb}"
        for verb in "undo_many follow_up start complete cancel reopen reschedule assign prioritize remind note".split()
    ),
    *(f"service:{name}_claim" for name in ("edit",)),
    *(f"service:{verb}_claim_{noun}" for verb, noun in (("accept", "value"), ("refuse", "value"))),
    *(f"service:{verb}_claim_mail" for verb in ("file", "ignore")),
    *(f"service:{name}" for name in "hand_off accept send_back reply resubmit tick untick owe".split()),
    *("service:ask_seller", "service:tell_service", "service:arrive", "service:place"),
    "service:correct_place",
    *(f"service:{verb}_promise" for verb in ("add", "remove")),
    *(f"service:{name}" for name in "project field photos note schedule give report hold resume finish".split()),
    *(f"service:{name}" for name in "reopen_project add_milestone complete_milestone reopen_milestone".split()),
    *(f"service:{verb}_milestone" for verb in ("show", "hide")),
    *(f"service:{name}" for name in "ask_to_book add_asset maintain_asset remove_asset".split()),
    *(f"service:{name}" for name in "draft_report report_page report_pdf act_on_report".split()),
    *(f"weather:{name}" for name in ("hold", "take_back")),
    *(f"issues:{name}" for name in "issue offer approve decline end reopen".split()),
    *(f"issues:{verb}_view" for verb in "edit update archive move".split()),
    *(f"service:{verb}_template" for verb in "edit archive restore".split()),
    *(f"service:{verb}_view" for verb in "edit update archive move".split()),
    *(f"bank:{verb}" for verb in ("match", "leave", "put_back", "note_payout")),
    *(f"reports:mailed_{name}" for name in "report archive restore send preview stop".split()),
}
# Every member lands here.
OPEN_TO_MEMBERS = {"tenant_home"}


def tenant_urls(resolver: URLResolver | None = None, names: tuple[str, ...] = (), path: str = "") -> Iterator[Any]:
    """(name, pattern) of every address that begins with the tenant's slug."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from tenant_urls(entry, (*names, *filter(None, [entry.namespace])), route)
        elif route.startswith("<slug:tenant>"):
            yield ":".join((*names, entry.name or "")), entry


URLS = list(tenant_urls())


def address(name: str, pattern: URLPattern, house: House) -> str:
    keys = list(pattern.pattern.regex.groupindex)
    return reverse(name, kwargs={key: SAMPLES[key](house) for key in {"tenant", *keys}})


# Addresses that take forms alone, as a GET was told: that does not depend on who asks.
FORMS_ALONE: set[str] = set()


def ask(client: Client, name: str, url: str) -> int:
    """The status of a GET, or of a POST where the address takes nothing else."""
    if name not in FORMS_ALONE:
        status = client.get(url).status_code
        if status != 405:
            return status
        FORMS_ALONE.add(name)
    return client.post(url).status_code


def signed_in(member: Member) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member.user)
    return client


def visit_all(house: House, see: Callable[[str, URLPattern, str], object]) -> dict[str, object]:
    """What `see` finds wrong, by the address's name. Each is visited as if it were the only one."""
    wrong = {}
    for name, pattern in URLS:
        with known.taken_back():
            if found := see(name, pattern, address(name, pattern, house)):
                wrong[name] = found
    return wrong


def test_nobody_signed_in_learns_nothing(cast: Cast) -> None:
    slug, sign_in, client = cast.house.tenant.slug, reverse("account_login"), Client()

    def stranger(url: str) -> Any:
        """A visit without a cookie, as each first one is."""
        client.cookies.clear()
        return client.get(url)

    def see(name: str, pattern: URLPattern, url: str) -> object:
        known, unknown = (stranger(each) for each in (url, url.replace(slug, "no-such-tenant")))
        if (known.status_code, unknown.status_code) != (302, 302):
            return known.status_code, unknown.status_code
        there, nowhere = known["Location"], unknown["Location"].replace("no-such-tenant", slug)
        return there != nowhere or not there.startswith(sign_in)

    assert visit_all(cast.house, see) == {}


def test_an_outsider_finds_what_does_not_exist(cast: Cast) -> None:
    client = signed_in(cast.otto)

    def see(name: str, pattern: URLPattern, url: str) -> object:
        statuses = [answer.status_code for answer in (client.get(url), client.post(url))]
        return statuses != [404, 404] and statuses

    assert visit_all(cast.house, see) == {}
    # No view sees a tenant that does not exist: the middleware answers alike for every address.
    assert client.get("/no-such-tenant/leads/").status_code == 404


@pytest.mark.parametrize("role", ["rita", "mona", "ada", "sam"])
def test_a_role_reaches_what_the_matrix_says(role: str, cast: Cast) -> None:
    member = getattr(cast.house, role)
    client = signed_in(member)

    def see(name: str, pattern: URLPattern, url: str) -> object:
        status = ask(client, name, url)
        may = name in OPEN_TO_MEMBERS or allows(member, pattern.callback.permission)
        expected = (200, 204, 301, 302, 400, 409, 422) if may and name not in NOTHING_THERE else (404,)
        return status not in expected and status

    assert visit_all(cast.house, see) == {}


def test_every_address_names_one_permission_of_the_matrix() -> None:
    unnamed = [
        n
        for n, p in URLS
        if n not in OPEN_TO_MEMBERS and getattr(p.callback, "permission", "") not in permission_matrix()
    ]
    assert unnamed == []


def test_a_rep_does_not_find_another_reps_lead(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        hers = open_job(title="Hector Salinas", member=house.mona, by=house.mona)
        nobodys = open_job(title="Marisol Vega", by=None)
    client = signed_in(house.rita)
    slug = house.tenant.slug
    for job, status in ((hers, 404), (nobodys, 200), (house.job, 200)):
        assert client.get(f"/{slug}/leads/{job.number}/").status_code == status
    found = client.get(f"/{slug}/search/", {"q": "Hector Salinas"}).content.decode()
    assert f"/leads/{hers.number}/" not in found
    assert signed_in(house.mona).get(f"/{slug}/leads/{hers.number}/").status_code == 200


def test_a_deactivated_member_is_shut_out_at_once(cast: Cast) -> None:
    client = signed_in(cast.house.rita)
    url = f"/{cast.house.tenant.slug}/leads/"
    assert client.get(url).status_code == 200
    with use_tenant(cast.house.tenant):
        Member.objects.filter(pk=cast.house.rita.pk).update(active=False)
    assert client.get(url).status_code == 404


def test_a_view_that_raises_leaves_nothing_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The response is a 500 by then, and the middleware's transaction would commit it (docs/rules.md#tenancy)."""
    from crm.people.models import Company
    from leads.views import list as module

    def fails(*args: Any, **kwargs: Any) -> None:
        Company.objects.create(name="Half done")
        raise RuntimeError("no")

    monkeypatch.setattr(module, "read_page", fails)
    client = signed_in(cast.house.rita)
    assert client.get(f"/{cast.house.tenant.slug}/leads/").status_code == 500
    with use_tenant(cast.house.tenant):
        assert not Company.objects.filter(name="Half done").exists()
