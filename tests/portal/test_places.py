"""Places: grouped by how far the work is; what may be theirs too is suggested to us, and confirmed by a person."""

from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.people.models import Claim, Person, Property
from crm.platform.tenancy.context import use_tenant
from portal.portfolio.suggestions import suggested
from tests.cast import Cast
from tests.markup import flat
from tests.portal.conftest import Coming


def test_work_at_the_same_address_or_of_one_claim_is_linked_once_somebody_confirms_it(
    cast: Cast, portal_client: Coming
) -> None:
    house, staff = cast.house, Client()
    staff.force_login(house.mona.user)
    with use_tenant(house.tenant):
        nora = Person.objects.create(name="Nora Neighbour")
        same = Property.objects.create(
            street="2207 Bayshore CT.", city="Tampa", region="FL", postcode="33611", country="US"
        )
        elsewhere, far = (Property.objects.create(street=f"{n} Oak St", city="Tampa", country="US") for n in (1, 2))
        for site in (house.job.site, elsewhere):
            Claim.note(site, "Gulf Mutual", "HO-7781", by=None)
        jobs = [open_job(title=f"Nora {n}", person=nora, site=s, by=None) for n, s in enumerate((same, elsewhere, far))]
        found = {one.job.pk: str(one.why) for one in suggested(house.cora, house.mona)}
        assert found == {jobs[0].pk: "The same address", jobs[1].pk: "The same claim number"}
    base = f"/{house.tenant.slug}/portal/places/{house.cora.uid}/"
    assert "Maybe theirs, too" in staff.get(base).content.decode()
    staff.post(f"{base}{jobs[0].number}/", {"role": "owner"})
    staff.post(f"{base}{jobs[1].number}/", {"no": "1"})
    assert staff.post(f"{base}{jobs[2].number}/", {"role": "owner"}).status_code == 404
    with use_tenant(house.tenant):
        assert suggested(house.cora, house.mona) == []
        house.job.finish(by=house.rita)
    page = flat(portal_client(house.cora).get(f"/my/{house.tenant.slug}/").content.decode())
    assert page.index("Being arranged") < page.index("2207 Bayshore CT.") < page.index("Finished")
    assert "Oak St" not in page
