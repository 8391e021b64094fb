"""Founding, suspending, exporting and deleting a tenant, as the owner's commands do it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import Client

from crm.platform import features
from crm.platform.models import Brand, BusinessCalendar, Due, Event, Member, StaffMail, Tenant, Token, User
from crm.platform.organization import invitations, tenant_creation, tenant_removal
from crm.platform.tenancy import row_level_security
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, OTHER, PASSWORD, load_cast

NEW = "an even longer staple"


@contextmanager
def signed_in_as_owner() -> Iterator[None]:
    """The test's connection signed in as crm_owner, as manage.py has it for these commands."""
    own, login = connections["default"], urlsplit(os.environ["MIGRATION_DATABASE_URL"])
    before, wrappers = dict(own.settings_dict), own.execute_wrappers
    own.close()
    own.settings_dict |= {"USER": login.username, "PASSWORD": unquote(login.password or "")}
    own.execute_wrappers = []
    try:
        yield
    finally:
        own.close()
        own.settings_dict |= before
        own.execute_wrappers = wrappers


@pytest.fixture
def as_owner(django_db_setup: None, django_db_blocker: Any, settings: Any) -> Iterator[None]:
    """crm_owner, in a transaction that is rolled back."""
    settings.DATABASE_ROLE = "owner"
    with django_db_blocker.unblock(), signed_in_as_owner(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def as_owner_for_good(transactional_db: None, settings: Any) -> Iterator[None]:
    """crm_owner, committing; the database is cloned anew afterwards."""
    settings.DATABASE_ROLE = "owner"
    with signed_in_as_owner():
        yield


def run(*argv: str) -> str:
    out = StringIO()
    call_command(*argv, stdout=out)
    return out.getvalue()


def create(slug: str = "greenfield", **changed: str) -> str:
    told = {"name": "Greenfield Dakwerken", "country": "NL", "admin_email": "Jan@Greenfield.example", **changed}
    return run("create_tenant", slug, *(f"--{key.replace('_', '-')}={value}" for key, value in told.items()))


def count(table: str, tenant_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table} where tenant_id = %s", [tenant_id])
        return cursor.fetchone()[0]


def test_create_gives_what_a_tenant_needs_and_a_way_in(as_owner: None, client: Client) -> None:
    printed = create()
    tenant = Tenant.objects.get(slug="greenfield")
    assert (tenant.currency, tenant.language, tenant.time_zone) == ("EUR", "nl", "Europe/Amsterdam")
    with use_tenant(tenant):
        calendar = BusinessCalendar.objects.get(is_default=True)
        assert (calendar.holiday_country, calendar.time_zone) == ("NL", "Europe/Amsterdam")
        assert Brand.objects.get(is_default=True).calendar_id == calendar.pk
        assert Member.objects.get().role == "admin"
        assert Event.objects.get(kind="tenant.created").actor is None
    mailed = StaffMail.objects.get()
    link = printed.splitlines()[-1]
    assert mailed.to == "jan@greenfield.example"
    assert link in mailed.body
    form = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    client.post("/account/login/", {"login": mailed.to, "password": NEW})
    assert client.get("/")["Location"] == "/greenfield/home/"
    assert client.get("/greenfield/home/").status_code == 200, "with a pipeline to begin with"


def test_apps_add_what_they_start_a_tenant_with(as_owner: None) -> None:
    begun: list[str] = []
    again: list[str] = []
    start = tenant_creation.TenantStart(
        lambda: begun.append(Brand.objects.get().name), again=lambda: again.append(Brand.objects.get().name)
    )
    with features.extra_features(start):
        create()
        assert (begun, again) == (["Greenfield Dakwerken"], [])
        # What came since, each upgrade gives to those that are there.
        tenant_creation.add_missing_defaults()
    assert (begun, len(again), again[-1]) == (["Greenfield Dakwerken"], Tenant.objects.count(), "Greenfield Dakwerken")


def test_somebody_known_is_mailed_the_sign_in_and_keeps_the_password(as_owner: None, client: Client) -> None:
    ada = load_cast().house.ada
    create(admin_email=ada.user.email)
    body = StaffMail.objects.get().body
    assert "Log in zoals altijd" in body, "in the language of the organization"
    assert "/password/reset/" not in body
    client.post("/account/login/", {"login": ada.user.email, "password": PASSWORD})
    assert "Greenfield Dakwerken" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"slug": "account"}, "“account” is reserved. Choose another."),
        ({"slug": "Not A Slug"}, "3 to 40 small letters"),
        ({"slug": HOUSE}, "already exists"),
        ({"country": "XX"}, "'XX' is no ISO 3166 code of a country, such as US or NL."),
        ({"admin_email": "nonsense"}, "Enter a valid email address."),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
def test_what_cannot_be_founded_is_one_sentence_and_nothing_is_left(
    as_owner: None, changed: dict[str, str], sentence: str
) -> None:
    before = (Tenant.objects.count(), User.objects.count())
    with pytest.raises(CommandError, match=sentence.replace(".", r"\.")):
        create(**changed)
    assert (Tenant.objects.count(), User.objects.count()) == before
    assert not StaffMail.objects.exists()


def test_suspend_shuts_out_at_the_next_click_and_resume_lets_in(as_owner: None, client: Client) -> None:
    rita = load_cast().house.rita
    client.force_login(rita.user)
    page = f"/{HOUSE}/"
    assert client.get(page).status_code == 302
    assert "suspended" in run("suspend_tenant", HOUSE)
    assert client.get(page).status_code == 404
    assert "You are not a member of any organization" in client.get("/").content.decode()
    run("suspend_tenant", HOUSE)
    run("suspend_tenant", HOUSE, "--resume")
    assert client.get(page).status_code == 302
    tenant = Tenant.objects.get(slug=HOUSE)
    with use_tenant(tenant):
        kinds = list(Event.objects.of(tenant).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["tenant.suspended", "tenant.resumed"], "suspending twice is one fact"


def test_export_holds_every_row_of_the_tenant_and_none_of_another(as_owner_for_good: None, tmp_path: Path) -> None:
    tenant = Tenant.objects.get(slug=HOUSE)
    stored = Path(default_storage.path(str(tenant.pk)))
    stored.mkdir(parents=True, exist_ok=True)
    (stored / "roof.txt").write_text("ridge")
    run("export_tenant", HOUSE, "--to", str(tmp_path / "out"))
    for model in row_level_security.tenant_models():
        table = model._meta.db_table
        rows = [json.loads(line) for line in (tmp_path / "out" / f"{table}.jsonl").read_text().splitlines()]
        assert len(rows) == count(table, tenant.pk)
        assert {row["tenant_id"] for row in rows} <= {tenant.pk}
    people = (tmp_path / "out" / "people_person.jsonl").read_text()
    assert "Cora Customer" in people
    users = (tmp_path / "out" / "platform_user.jsonl").read_text()
    assert f"ada@{HOUSE}.example" in users
    assert "password" not in users
    assert "otto" not in users
    assert (tmp_path / "out" / "files" / "roof.txt").read_text() == "ridge"
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "out" / "people_person.jsonl").stat().st_mode & 0o777 == 0o600


def test_export_gives_encrypted_numbers_in_clear(as_owner_for_good: None, tmp_path: Path) -> None:
    from crm.people.models import Claim, Property

    with use_tenant(Tenant.objects.get(slug=HOUSE)):
        claim = Claim(site=Property.objects.get())
        claim.set_number("CLM-2291-77")
        claim.save()
    run("export_tenant", HOUSE, "--to", str(tmp_path / "out"))
    row = json.loads((tmp_path / "out" / "people_claim.jsonl").read_text())
    assert row["number"] == "CLM-2291-77"
    assert "number_encrypted" not in row


def test_export_never_writes_into_a_folder_that_is_there(as_owner: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="exists already"):
        run("export_tenant", HOUSE, "--to", str(tmp_path))


def test_delete_leaves_nothing_of_it_and_the_other_untouched(as_owner_for_good: None, client: Client) -> None:
    cast = load_cast()
    gone, kept = cast.house.tenant, cast.other.tenant
    with use_tenant(kept):
        Member.objects.create(user=cast.house.mona.user, name="Mona Manager", role="manager")
    client.post("/account/login/", {"login": cast.house.rita.user.email, "password": PASSWORD})
    tenant_creation.mail_first_sign_in(cast.house.rita.user, organization="x")
    Due.objects.create(tenant=gone, kind="x", subject_id=1, key="x:1", due_at=gone.created_at)
    Path(default_storage.path(str(gone.pk))).mkdir(parents=True, exist_ok=True)
    before = {
        model._meta.db_table: count(model._meta.db_table, kept.pk) for model in row_level_security.tenant_models()
    }

    assert "is gone" in run("delete_tenant", HOUSE, "--yes")

    for table in (*tenant_removal.QUEUES, *before):
        assert count(table, gone.pk) == 0
    assert {table: count(table, kept.pk) for table in before} == before
    assert not Tenant.objects.filter(pk=gone.pk).exists()
    assert not User.objects.filter(pk=cast.house.rita.user_id).exists()
    assert User.objects.filter(pk=cast.house.mona.user_id).exists(), "she is in the other one too"
    assert User.objects.filter(pk=cast.otto.user_id).exists()
    assert not Path(default_storage.path(str(gone.pk))).exists()
    assert client.get("/")["Location"].startswith("/account/login/"), "its user's session is over"


def test_delete_takes_the_second_factors_of_who_leaves_with_it_and_of_nobody_else(as_owner: None) -> None:
    cast = load_cast()
    rita, mona, otto = cast.house.rita.user, cast.house.mona.user, cast.otto.user
    with use_tenant(cast.other.tenant):
        Member.objects.create(user=mona, name="Mona Manager", role="manager")
    for user in (rita, mona, otto):
        for kind in Authenticator.Type.values:
            Authenticator.objects.create(user=user, type=kind, data={})
    run("delete_tenant", HOUSE, "--yes")
    assert set(Authenticator.objects.values_list("user_id", flat=True)) == {mona.pk, otto.pk}
    assert Authenticator.objects.count() == 2 * len(Authenticator.Type.values)


def test_delete_takes_invitations_with_their_links_and_mail(as_owner: None) -> None:
    cast = load_cast()
    for house in (cast.house, cast.other):
        with use_tenant(house.tenant):
            invitations.invite(email="kim@new.example", name="Kim", role="rep", by=house.ada)
    run("delete_tenant", HOUSE, "--yes")
    assert list(Token.objects.values_list("tenant_id", flat=True)) == [cast.other.tenant.pk]
    assert StaffMail.objects.count() == 1


def test_delete_asks_first(as_owner: None) -> None:
    with pytest.raises(CommandError, match="add --yes"):
        run("delete_tenant", OTHER)
    assert Tenant.objects.filter(slug=OTHER).exists()


def test_keys_of_the_tables_do_not_go_round() -> None:
    order = tenant_removal.tables_in_key_order()
    assert sorted(order) == sorted(model._meta.db_table for model in row_level_security.tenant_models())
    assert order.index("leads_lead") < order.index("jobs_job") < order.index("people_person")


@pytest.mark.parametrize("command", ["suspend_tenant", "export_tenant", "delete_tenant"])
def test_an_unknown_tenant_is_a_sentence(as_owner: None, command: str, tmp_path: Path) -> None:
    more = {"export_tenant": ["--to", str(tmp_path / "out")], "delete_tenant": ["--yes"]}.get(command, [])
    with pytest.raises(CommandError, match="There is no organization 'nowhere'"):
        run(command, "nowhere", *more)


def test_derive_policies_mends_the_wall(as_owner: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("drop policy tenant_isolation on people_person")
    assert row_level_security.find_gaps() == ["people_person has no policy"]
    run("derive_policies")
    assert row_level_security.find_gaps() == []


def test_derive_policies_restores_a_policy_that_lets_everything_through(as_owner: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter policy tenant_isolation on people_person using (true)")
        run("derive_policies")
        cursor.execute("select qual from pg_policies where tablename = 'people_person'")
        assert "app_tenant_id" in cursor.fetchone()[0]


def test_deriving_again_stops_no_reads(as_owner: None) -> None:
    """`migrate` derives policies each time, while the previous release serves."""
    run("derive_policies")
    with connection.cursor() as cursor:
        cursor.execute(
            "select relation::regclass::text from pg_locks join pg_class on oid = relation "
            "where pid = pg_backend_pid() and mode = 'AccessExclusiveLock' and relkind = 'r'"
        )
        assert cursor.fetchall() == []
