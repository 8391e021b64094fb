"""Who is known by an address or number, and which say nothing of anybody: the rule as tables of cases.

Rule: docs/rules.md#k19.
"""

import pytest

from crm.people.identity.names import different_names, names_agree
from crm.people.identity.points import NoIdentity, PointRule, is_crowded, match_name, own_points
from crm.platform.models import Brand
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jan Jansen", "jan  JANSEN"),
        ("J. Jansen", "Jan Jansen"),
        ("J.P. Jansen", "Jan Jansen"),
        ("Jansen, Jan", "Jan Jansen"),
        ("Cora C.", "Cora Customer"),
        ("Maria", "Maria Lopez"),
        ("Zoë Müller", "Zoe Muller"),
        ("O´Brien, Pat", "Pat O'Brien"),
        ("Jürgen Flößer", "Juergen Floesser"),
        ("Tillery, Marguerite A.", "Mrs. Marguerite Tillery"),
        ("Dr. Osbert Lanning", "Lanning, Osbert, MD"),
        ("Sr. Pablo Ruiz", "Pablo Ruiz"),
        ("渡辺 美咲", "渡辺美咲"),
        ("Annemarie Bos", "Anne-Marie Bos"),
        ("", "Jan Jansen"),
        ("jan@example.nl", "Jan Jansen"),
        ("+31612345678", "Jan Jansen"),
        ("王 明", "王 明"),
        ("Jim Cobb Jr.", "Jim B. Cobb, Jr"),
        ("Jim Cobb Sr.", "Jim Cobb"),
        ("Cobb", "Jim Cobb Jr."),
    ],
)
def test_these_may_be_one_person(one: str, other: str) -> None:
    assert names_agree(one, other)
    assert names_agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jan Jansen", "Marie Jansen"),
        ("Müller", "Möller"),
        ("Pablo Ruiz Sr.", "Pablo Ruiz Jr."),
        ("Pablo Ruiz", "Pablo Ruiz Jr."),
        ("Grove Plaza LLC", "Grove Plaza II LLC"),
        ("Dr. Osbert", "Mr. Lanning"),
        ("M. Quintin", "Mme Quintin"),
        ("Joe Jansen", "Jo Jansen"),
        ("Jan Jansen", "Joke Jansen"),
        ("Mr Smith", "Mrs Smith"),
        ("Dan Smith", "Danielle Smith"),
        ("Ann Lee", "Bob Ray"),
        ("A B", "Al Bo"),
        ("John A Smith", "John B Smith"),
        ("Acme Inc", "Bolt Inc"),
    ],
)
def test_these_are_two(one: str, other: str) -> None:
    assert not names_agree(one, other)
    assert not names_agree(other, one)


def test_different_people_are_counted_by_their_fullest_names() -> None:
    assert different_names(["J. Jansen", "Jan Jansen", "Jansen", "Marie", "jan@x.nl", ""]) == ["Jan Jansen", "Marie"]
    assert not is_crowded(["J. Jansen", "Jan Jansen", "Jansen", "Marie"])
    assert is_crowded(["Jan", "Marie", "Piet", "Piet"])


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("noemail@noemail.com", "placeholder"),
        ("no-email1@gmail.com", "placeholder"),
        ("rob@noemail.com", "placeholder"),
        ("none@none.com", "placeholder"),
        ("na@na.com", "placeholder"),
        ("no@email.com", "placeholder"),
        ("x@x.com", "placeholder"),
        ("123@123.com", "placeholder"),
        ("test@test.com", "placeholder"),
        ("unknown@gmail.com", "placeholder"),
        ("no.reply@shop.example", "placeholder"),
        ("geen.email@ziggo.nl", "placeholder"),
        ("onbekend@onbekend.nl", "placeholder"),
        ("keine-email@web.de", "placeholder"),
        ("+18135555555", "placeholder"),
        ("rita@house.example", "own"),
        ("+18135550100", "own"),
        ("crowd@mail.example", "shared"),
        ("info@acme.example", "role"),
        ("office2@acme.example", "role"),
        ("accounts.payable@acme.example", "role"),
        ("buchhaltung@firma.example", "role"),
        ("jan@example.com", None),
        ("a1@example.com", None),
        ("a@example.com", None),
        ("test7@example.com", None),
        ("ann.test@example.com", None),
        ("nora@email.com", None),
        ("jansen@jansen.nl", None),
        ("salesberry@mail.example", None),
        ("+31612345679", None),
        ("+18135550111", None),
    ],
)
def test_what_identifies_nobody_is_told_why(value: str, why: str | None) -> None:
    rule = PointRule(frozenset({"rita@house.example", "+18135550100"}), frozenset({"crowd@mail.example"}))
    against = rule.against("email" if "@" in value else "phone", value)
    assert against == (NoIdentity(why) if why else None)
    assert against is None or against.sentence


NOBODY = (
    "nicht@vorhanden.de nicht.vorhanden@web.de keine@angabe.de keine-angabe@gmx.de ohne@angabe.de kein@email.de "
    "kein@gmx.de kunde@keine-email.de nicht@bekannt.de unbekannt@unbekannt.de keine@keine.de pas@demail.fr "
    "pas.d.email@orange.fr sans@adresse.fr aucune@adresse.fr inconnu@orange.fr sans-adresse@free.fr neant@neant.fr "
    "sin@correo.es sin.correo@gmail.com no@tiene.es notiene@hotmail.com no@hay.com ninguno@gmail.com "
    "desconocido@correo.es unknown@unknown.com none@none.none no@no.no test@test.com abc@abc.com no@mail.com "
    "not@provided.com not.given@aol.com no.address@aol.com without@email.com nietbekend@ziggo.nl niet@bekend.nl "
    "niet-opgegeven@kpn.nl onbekend@kpn.nl geen@geen.nl geen@mail.nl geen@emailadres.nl zonder@mail.nl senza@email.it "
    "noreply@firma.example no-reply2@firma.example ne-pas-repondre@firma.example nicht-antworten@firma.example "
    "niet.beantwoorden@firma.example no-responder@firma.example non-rispondere@firma.example "
    "notienecorreo@correo.es heeftgeenemail@email.nl hatkeine@email.de pasdadresse@mail.fr didnotprovide@gmail.com "
    "customer.has.no.email@example.com klant-heeft-geen-mail@example.nl doesnthave@email.com "
    "+18005551212 +18135551212 +441234567890 +33123456789 +31612345678 +33612345678 +4917112345678 +12345678901 "
    "+31687654321 +31600000000 +31611111111 +34666666666 +31123456789"
)
SOMEBODY = (
    "pascal@demail.fr noa@email.com sin.yee@correo.es marc.sans@gmail.com sans@example.fr rien@example.nl "
    "nada@example.com pas@example.fr no@example.com nora.keiner@example.de angabe@example.de bekannt@example.de "
    "klaus@bekannt.de anna@vorhanden.de m.known@example.com given@example.com nomadic@example.com "
    "noel@adresse.fr ann.unknown@example.com kein.mueller@example.de nohayl@example.com sinclair@correo.es "
    "sinha@example.com sinhas@example.com usano@example.com noad@example.com donato@example.com hadley@example.com "
    "correo@example.es test7@example.com reply@example.com +18135550122 +31612345079 +31201234560 +4930123456 "
    "+34600123456 +31201234567 +18005551213 +4915551212 +31651234568"
)


@pytest.mark.parametrize("value", NOBODY.split())
def test_what_people_type_for_none_in_five_languages_is_nobodys(value: str) -> None:
    assert PointRule().against("email" if "@" in value else "phone", value) == NoIdentity.PLACEHOLDER


@pytest.mark.parametrize("value", SOMEBODY.split())
def test_a_word_for_none_within_a_name_is_somebodys(value: str) -> None:
    assert PointRule().against("email" if "@" in value else "phone", value) is None


@pytest.mark.parametrize(
    ("name", "holders", "who"),
    [
        ("Jan Jansen", ["Marie Jansen", "Jan Jansen"], 1),
        ("J. Jansen", ["Jan Jansen"], 0),
        ("J. Jansen", ["Jan Jansen", "Joke Jansen"], None),
        ("Jan Jansen", ["Jansen", "Jan Jansen"], 1),
        ("Piet", ["Jan", "Marie"], None),
        ("", ["Jan"], 0),
        ("", ["Jan", "Marie"], None),
        ("Jan", [], None),
    ],
)
def test_a_point_identifies_who_has_the_name(name: str, holders: list[str], who: int | None) -> None:
    assert match_name(name, [(holder, at) for at, holder in enumerate(holders)]) == who


def test_a_roles_address_identifies_the_very_same_name_alone() -> None:
    holders = [("Acme Roofing", 0)]
    assert match_name("ACME roofing", holders, by_role=True) == 0
    assert match_name("Acme", holders, by_role=True) is None
    assert match_name("", holders, by_role=True) is None


def test_the_organizations_own_are_its_brands_and_members(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        Brand.objects.update(email="Office@Suncoast.example", phone="(813) 555-0100")
        clear_configuration_caches()
        own = own_points()
        assert {"office@suncoast.example", "+18135550100", cast.house.rita.user.email} <= own
        assert cast.otto.user.email not in own
