"""Birth dates as patients dictate them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.domain.french.dates import birth_date

TODAY = date(2026, 10, 7)


@pytest.mark.parametrize(
    ("said", "born"),
    [
        ("le douze mars mille neuf cent soixante-douze", "1972-03-12"),
        ("le 12 mars 72", "1972-03-12"),
        ("le 12 mars 1979-1972", "1972-03-12"),
        ("le 12 mars 1999 sont 72", "1972-03-12"),
        ("le 12 mars 1972, 16 rue des Lilas", "1972-03-12"),
        ("12 03 72", "1972-03-12"),
        ("12 03 1972", "1972-03-12"),
        ("12/03/1972", "1972-03-12"),
        ("12.03.1972", "1972-03-12"),
        ("12-03-72", "1972-03-12"),
        ("1972-03-12", "1972-03-12"),
        ("12031972", "1972-03-12"),
        ("douze zéro trois soixante-douze", "1972-03-12"),
        ("le douze, mars, soixante-douze", "1972-03-12"),
        ("le douze du trois soixante-douze", "1972-03-12"),
        ("alors je suis née le douze mars mille neuf cent 72 à Lyon", "1972-03-12"),
        ("le premier janvier deux mille quatre", "2004-01-01"),
        ("1er janvier 2004", "2004-01-01"),
        ("le vingt-quatre décembre cinquante-neuf", "1959-12-24"),
        ("le six juin quatre-vingt-un", "1981-06-06"),
        ("trente et un août quarante", "1940-08-31"),
        ("né le trois octobre vingt-six", "2026-10-03"),
        ("le huit octobre vingt-six", "1926-10-08"),
        ("mars 72 le 12", "1972-03-12"),
        ("le 12 mars 72 non pardon 73", "1973-03-12"),
        ("le 12 mars 72, non pardon, le 13 mars 72", "1972-03-13"),
        ("ma fille est née le vingt-neuf février deux mille vingt", "2020-02-29"),
        ("le 4 mai 1956 et mon numéro c'est le 06 12 34 56 78", "1956-05-04"),
    ],
)
def test_a_birth_date_is_heard(said, born):
    assert birth_date(said, TODAY) == date.fromisoformat(born)


@pytest.mark.parametrize(
    "said",
    ["le douze mars", "mars 72", "le 31 février 1972", "le 12 mars 2027", "le 12 mars 1870",
    "le 12", "12 13 1972",
     "le 22 octobre à onze heures", "06 12 34 56 78", "j'ai 72 ans", "", "le 29 février 2021"],
)  # fmt: skip
def test_what_is_no_whole_birth_date(said):
    assert birth_date(said, TODAY) is None


@given(st.dates(date(1910, 1, 1), TODAY))
def test_every_written_date_of_a_living_person_is_read(born):
    assert birth_date(born.strftime("%d/%m/%Y"), TODAY) == born
    assert birth_date(born.strftime("%d %m %Y"), TODAY) == born


@given(st.text(alphabet="0123456789/ marsjuin.-", max_size=30))
def test_nobody_is_born_tomorrow(said):
    born = birth_date(said, TODAY)
    assert born is None or date(1906, 1, 1) <= born <= TODAY
