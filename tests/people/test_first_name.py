"""By which name a customer is greeted, and of whom that is not certain."""

import pytest

from crm.people.identity.first_name import first_name, full_name


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Hector Salinas", "Hector"),
        ("Doe, John", "John"),
        ("Smith, Jane, Jr.", "Jane"),
        ("mueller, hans", "Hans"),
        ("van der Berg, Jan", "Jan"),
        ("MARIA LOPEZ", "Maria"),
        ("anne-marie dupont", "Anne-Marie"),
        ("“Petra Lund”", "Petra"),
        ("'Petra Lund' via Hello", "Petra"),
        ("📞 Maria Lopez", "Maria"),
        ("DeShawn Miller", "DeShawn"),
        ("Мария Иванова", "Мария"),
        ("李雷", "李雷"),
    ],
)
def test_a_person_is_greeted_by_the_first_name(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    "name",
    "Mr. Paul Reed|Dr. Ann Lee|dhr. J. de Vries|J. de Vries|T Johnson|JP Smith|Captain Jack Hall|The Reed Family"
    "|Familie Jansen|The Smiths|Bob & Sue Miller|Jan en Piet|Tom/Ann Bell|Acme Roofing LLC|Bayside Storage|Doe, Inc."
    "|Smith, Jones & Partners|Tampa, FL|Miller, plumber|+18135554711|John3 Smith|Room 12 John|john@example.com"
    "|van der Berg|De Vries|Jane’s iPhone|Unknown Caller|😀|who was on my roof last week with a ladder|".split("|"),
)
def test_nobody_is_greeted_by_what_may_be_no_first_name(name: str) -> None:
    assert first_name(name) == ""


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Doe, John", "John Doe"),
        ("Smith, Jane, Jr.", "Jane Smith Jr."),
        ("Tampa, FL", "Tampa, FL"),
        ("The Reed Family", "The Reed Family"),
        ("+18135554711", ""),
        ("john@example.com", ""),
    ],
)
def test_a_full_name_is_in_the_order_it_is_spoken(name: str, spoken: str) -> None:
    assert full_name(name) == spoken
