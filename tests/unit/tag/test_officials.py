"""Our own lists of officials: that they read, that no office has two holders on a day, and dates we are certain of."""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations, groupby
from pathlib import Path

import pytest

import pipeline.stages.tag
from pipeline.model import EntityType
from pipeline.stages.tag.aliases import Listed, former, read_aliases, term_on

FILES = sorted(Path(pipeline.stages.tag.__file__).parent.glob("officials_*.tsv"))
BODIES = ("UNO", "EUR", "IGO", "NGO")

# Many may have these at once.
SHARED = {
    "Activist", "Ambassador", "Archbishop", "Assistant Secretary of State", "Ayatollah", "Businessman", "CRM",
    "Cardinal", "Cleric", "Comedian", "Congressman", "Congresswoman", "Deputy Foreign Minister", "Deputy Premier",
    "Deputy Prime Minister", "Dissident", "ELI", "EU Commissioner", "European Lawmaker",
    "Foreign Ministry Spokesman", "Foreign Ministry Spokeswoman", "General", "Grand Ayatollah",
    "Iraqi Vice President", "Judge", "Lawmaker", "MP", "Militant Leader", "Opposition Leader", "Party Leader",
    "Presidential Candidate", "REB", "REL", "Rabbi", "Rebel Commander", "Rebel Leader", "Senator", "Special Envoy",
    "Supreme Court Justice", "UAF", "UN Special Envoy", "UN Special Representative", "Warlord", "Writer",
}  # fmt: skip

# Two holders on one day who are no error: country, role, the two names in order of the alphabet -> why.
BOTH: dict[tuple[str, str, str, str], str] = {
    ("CIV", "President", "Alassane Ouattara", "Laurent Gbagbo"): "both swore the oath in December 2010",
    ("ZAF", "Deputy President", "F.W. de Klerk", "Thabo Mbeki"): "the constitution of 1993 had two",
}

# No title of roles.tsv says the sector of these.
NO_SECTOR = {
    "Bosniak Presidency Member", "CIA Director", "Chairman of the Joint Chiefs of Staff", "Comedian",
    "Deputy Chairman of the Security Council", "Director of National Intelligence", "FBI Director", "FSB Chief",
    "Federal Reserve Chair", "KGB Chief", "Kremlin Adviser", "Kremlin Spokesman", "NIAID Director",
    "Presidential Adviser", "Presidential Spokesman", "Special Counsel", "Treasurer", "Writer",
}  # fmt: skip

# Known to the press by one name, or by the name of a reign.
ONE_NAME = {
    "Akihito", "Boediono", "Hirohito", "Jokowi", "Lula", "Mayawati", "Naruhito", "Pelé", "Pele", "Suharto",
    "Timochenko", "Willem-Alexander",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of a list that has an office, with its dates as they are written."""

    name: str
    country: str
    role: str
    valid_from: str
    valid_to: str


@cache
def text() -> str:
    """All lists as one table: what one says must not contradict another."""
    heads, lines = set(), []
    for file in FILES:
        head, *rest = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        heads.add(head)
        lines += rest
    return "\n".join([*heads, *lines, ""])


@cache
def rows() -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(text().splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def people() -> dict[str, Listed]:
    return {listed.name: listed for listed in read_aliases(text())[0]}


def test_there_are_lists_and_they_read_without_problems() -> None:
    assert FILES
    assert len(people()) > 800
    for file in FILES:
        assert read_aliases(file.read_text("utf-8"))[1] == (), file.name
    assert read_aliases(text())[1] == ()


def test_only_persons_each_with_one_id_made_of_the_name() -> None:
    owners = defaultdict(set)
    for listed in people().values():
        assert listed.type == EntityType.PERSON, listed.name
        [known] = listed.ids
        assert known.scheme == "wiredesk", listed.name
        assert known.id.startswith("person/"), listed.name
        plain = known.id.removeprefix("person/")
        assert plain.isascii(), listed.name
        assert plain == plain.lower(), listed.name
        owners[known.id].add(listed.name)
    assert [names for names in owners.values() if len(names) > 1] == []


def test_nobody_is_in_two_files() -> None:
    where = defaultdict(set)
    for file in FILES:
        for listed in read_aliases(file.read_text("utf-8"))[0]:
            where[listed.ids[0].id].add(file.name)
    assert {person: files for person, files in where.items() if len(files) > 1} == {}


def test_no_alias_is_a_bare_surname() -> None:
    aliases = {alias for listed in people().values() for alias in listed.aliases}
    assert {alias for alias in aliases if len(alias.split()) == 1} <= ONE_NAME


def test_names_with_accents_stand_without_them_too() -> None:
    for listed in people().values():
        for alias in listed.aliases:
            plain = "".join(c for c in unicodedata.normalize("NFD", alias) if not unicodedata.combining(c))
            assert plain in listed.aliases, f"{listed.name}: {plain!r} is missing"


def test_every_office_of_a_state_has_a_sector() -> None:
    without = {
        term.role
        for listed in people().values()
        for term in listed.terms
        if term.sector is None and term.country not in BODIES
    }
    assert without <= NO_SECTOR


def overlaps(held: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Two people who hold one office at once. In the period that both dates name the one took over from the other."""
    for one, other in combinations(sorted(held, key=lambda row: row.valid_from), 2):
        known = min(len(one.valid_to), len(other.valid_from))
        over = one.valid_to and one.valid_to[:known] <= other.valid_from[:known]
        if one.name != other.name and not over:
            yield one, other


def test_no_office_has_two_holders_on_a_day() -> None:
    held = [
        Row(*(row[column] for column in ("name", "country", "role", "valid_from", "valid_to")))
        for row in rows()
        if row["role"] and row["role"] not in SHARED
    ]

    def office(row: Row) -> tuple[str, str]:
        return row.country, row.role

    wrong = []
    for (country, role), found in groupby(sorted(held, key=office), key=office):
        for one, other in overlaps(list(found)):
            first, second = sorted((one.name, other.name))
            if (country, role, first, second) not in BOTH:
                wrong.append(
                    f"{country} {role}: {one.name} {one.valid_from}..{one.valid_to},"
                    f" {other.name} {other.valid_from}..{other.valid_to}"
                )
    assert wrong == []


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [
        (("2001-01-20", "2009-01-20"), ("2009-01-20", "2017-01-20"), False),
        (("2001", "2009"), ("2009-03", ""), False),
        (("2001-01-20", "2009-01-21"), ("2009-01-20", "2017-01-20"), True),
        (("2001", "2009"), ("2008-03", ""), True),
        (("2001-01-20", ""), ("2009-01-20", "2017-01-20"), True),
    ],
)
def test_a_handover_is_no_overlap(one: tuple[str, str], other: tuple[str, str], wrong: bool) -> None:
    held = [Row("A B", "USA", "President", *one), Row("C D", "USA", "President", *other)]
    assert bool(list(overlaps(held))) is wrong


HELD = [
    # Europe, the Americas, world bodies
    ("Ronald Reagan", "1984-06-06", "President", "USA", "GOV"),
    ("George H.W. Bush", "1985-05-01", "Vice President", "USA", "GOV"),
    ("George H.W. Bush", "1990-08-02", "President", "USA", "GOV"),
    ("George W. Bush", "2001-09-11", "President", "USA", "GOV"),
    ("Joe Biden", "2010-01-01", "Vice President", "USA", "GOV"),
    ("Donald Trump", "2016-07-01", "Presidential Candidate", "USA", "PTY"),
    ("Donald Trump", "2018-06-12", "President", "USA", "GOV"),
    ("Colin Powell", "2003-02-05", "Secretary of State", "USA", "GOV"),
    ("John Kerry", "2016-03-24", "Secretary of State", "USA", "GOV"),
    ("Hillary Clinton", "1998-01-27", "First Lady", "USA", "ELI"),
    ("Mikhail Gorbachev", "1986-04-26", "Leader", "RUS", "GOV"),
    ("Boris Yeltsin", "1991-08-19", "Russian President", "RUS", "GOV"),
    ("Vladimir Putin", "1999-10-01", "Prime Minister", "RUS", "GOV"),
    ("Vladimir Putin", "2007-02-10", "President", "RUS", "GOV"),
    ("Vladimir Putin", "2010-06-01", "Prime Minister", "RUS", "GOV"),
    ("Vladimir Putin", "2022-02-24", "President", "RUS", "GOV"),
    ("Dmitry Medvedev", "2008-08-08", "President", "RUS", "GOV"),
    ("Sergei Lavrov", "2016-04-05", "Foreign Minister", "RUS", "GOV"),
    ("Alexei Navalny", "2020-08-20", "Opposition Leader", "RUS", "OPP"),
    ("Viktor Yanukovych", "2013-11-30", "President", "UKR", "GOV"),
    ("Volodymyr Zelenskyy", "2022-02-24", "President", "UKR", "GOV"),
    ("Eduard Shevardnadze", "1989-11-09", "Foreign Minister", "RUS", "GOV"),
    ("Eduard Shevardnadze", "2000-01-01", "President", "GEO", "GOV"),
    ("Margaret Thatcher", "1982-04-02", "Prime Minister", "GBR", "GOV"),
    ("Boris Johnson", "2012-07-27", "London Mayor", "GBR", "GOV"),
    ("Gordon Brown", "2003-06-09", "Chancellor of the Exchequer", "GBR", "GOV"),
    ("Helmut Kohl", "1990-10-03", "Chancellor", "DEU", "GOV"),
    ("Angela Merkel", "2003-01-01", "Party Leader", "DEU", "PTY"),
    ("Angela Merkel", "2015-09-04", "Chancellor", "DEU", "GOV"),
    ("Christine Lagarde", "2009-01-01", "Finance Minister", "FRA", "GOV"),
    ("Christine Lagarde", "2012-01-01", "IMF Chief", "IGO", None),
    ("Christine Lagarde", "2022-07-21", "European Central Bank President", "EUR", None),
    ("Mario Draghi", "2012-07-26", "European Central Bank President", "EUR", None),
    ("Mario Draghi", "2021-12-01", "Prime Minister", "ITA", "GOV"),
    ("Jens Stoltenberg", "2011-07-22", "Prime Minister", "NOR", "GOV"),
    ("Jens Stoltenberg", "2022-02-24", "NATO Secretary-General", "IGO", None),
    ("Javier Solana", "1999-03-24", "NATO Secretary-General", "IGO", None),
    ("Lech Walesa", "1981-12-13", "Union Leader", "POL", "LAB"),
    ("Donald Tusk", "2016-06-23", "European Council President", "EUR", None),
    ("Václav Havel", "1995-01-01", "President", "CZE", "GOV"),
    ("Slobodan Milošević", "1995-11-21", "Serbian President", "SRB", "GOV"),
    ("Recep Tayyip Erdoğan", "2013-06-01", "Prime Minister", "TUR", "GOV"),
    ("Recep Tayyip Erdoğan", "2016-07-15", "President", "TUR", "GOV"),
    ("Staffan de Mistura", "2016-04-05", "UN Special Envoy for Syria", "UNO", None),
    ("Kofi Annan", "2003-03-20", "UN Secretary-General", "UNO", None),
    ("Kofi Annan", "2012-04-12", "UN Special Envoy for Syria", "UNO", None),
    ("Pope Francis", "2015-09-24", "Pope", "VAT", "REL"), ("Hugo Chávez", "2006-09-20", "President", "VEN", "GOV"),
    ("Michelle Bachelet", "2010-02-27", "President", "CHL", "GOV"),
    ("Augusto Pinochet", "1988-10-05", "President", "CHL", "GOV"),
    ("Raúl Castro", "1990-01-01", "Defense Minister", "CUB", "GOV"),
    ("Manuel Marulanda", "2002-02-20", "Rebel Leader", "COL", "REB"),
    ("Mohamed ElBaradei", "2003-03-07", "IAEA Director-General", "IGO", None),
    # Africa, the Middle East, Asia, Oceania
    ("Abdel Fattah el-Sisi", "2013-07-03", "Defense Minister", "EGY", "GOV"),
    ("Muammar Gaddafi", "1988-12-21", "Leader", "LBY", "GOV"),
    ("Benjamin Netanyahu", "2022-01-01", "Opposition Leader", "ISR", "OPP"),
    ("Yasser Arafat", "1993-09-13", "PLO Leader", "PSE", "GOV"),
    ("Hassan Nasrallah", "2006-07-12", "Militant Leader", "LBN", "REB"),
    ("Ali Khamenei", "1988-07-03", "President", "IRN", "GOV"),
    ("Ahmed al-Sharaa", "2020-03-05", "Rebel Leader", "SYR", "REB"),
    ("Charles Taylor", "1990-09-09", "Rebel Leader", "LBR", "REB"),
    ("Mullah Omar", "2001-03-02", "Taliban Leader", "AFG", "GOV"),
    ("Pervez Musharraf", "2007-11-03", "President", "PAK", "GOV"),
    ("Manmohan Singh", "1991-07-24", "Finance Minister", "IND", "GOV"),
    ("Narendra Modi", "2002-02-28", "Gujarat Chief Minister", "IND", "GOV"),
    ("Vellupillai Prabhakaran", "2002-04-10", "Rebel Leader", "LKA", "REB"),
    ("Suharto", "1998-05-20", "President", "IDN", "GOV"),
    ("Aung San Suu Kyi", "2007-09-22", "Opposition Leader", "MMR", "OPP"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "day", "role", "country", "sector"), HELD)
def test_who_held_what_on_a_day(name: str, day: str, role: str, country: str, sector: str | None) -> None:
    term = term_on(people()[name], date.fromisoformat(day))
    assert term is not None
    assert (term.role, term.country, term.sector) == (role, country, sector)


@pytest.mark.parametrize(
    ("name", "day", "last"),
    [
        ("Barack Obama", "2017-01-21", "President"),
        ("Helmut Kohl", "1999-12-01", "Chancellor"),
        ("Tony Blair", "2016-07-06", "Middle East Envoy"),
        ("Mikhail Gorbachev", "1996-06-16", "President"),
        ("Alberto Fujimori", "2009-04-07", "President"),
    ],
)
def test_who_is_out_of_office_has_a_former_one(name: str, day: str, last: str) -> None:
    someone, when = people()[name], date.fromisoformat(day)
    assert term_on(someone, when) is None
    term = former(someone, when)
    assert term is not None
    assert term.role == last


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
        ("Viktor Yanukovich", "Viktor Yanukovych"),
        ("Gerhard Schroeder", "Gerhard Schröder"),
        ("Recep Tayyip Erdogan", "Recep Tayyip Erdoğan"),
        ("Lula", "Luiz Inácio Lula da Silva"),
        ("Hugo Chavez", "Hugo Chávez"),
        ("Joseph R. Biden", "Joe Biden"),
        ("Moammar Gadhafi", "Muammar Gaddafi"),
        ("Bashar Assad", "Bashar al-Assad"),
        ("Abu Mohammed al-Golani", "Ahmed al-Sharaa"),
    ],
)
def test_other_spellings(alias: str, name: str) -> None:
    assert alias in people()[name].aliases
