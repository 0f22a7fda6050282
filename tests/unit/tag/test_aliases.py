"""Alias tables: what the lines say together, and everything that can be wrong with them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.model import EntityType, Identifier
from pipeline.stages.tag.alias_lines import COLUMNS
from pipeline.stages.tag.aliases import Listed, former, read_aliases, term_on

HEADER = "\t".join(COLUMNS)


def line(alias: str, name: str = "Zenith Corp", type_: str = "ORGANISATION", **more: str) -> str:
    cells = {"alias": alias, "name": name, "type": type_} | more
    return "\t".join(cells.get(column, "") for column in COLUMNS)


def table(*lines: str) -> str:
    return "\n".join([HEADER, *lines, ""])


def things(*lines: str) -> list[Listed]:
    listed, problems = read_aliases(table(*lines))
    assert problems == ()
    return list(listed)


def wrong(*lines: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in read_aliases(table(*lines))[1]]


def test_lines_of_one_thing_are_united() -> None:
    [zenith] = things(
        line("Zenith", scheme="wikidata", id="Q42", country="DEU"),
        line("Zenith AG", scheme="desk", id="z-1"),
        line("Zenith", scheme="ticker", id="ZNT"),
    )
    assert zenith == Listed(
        "Zenith Corp",
        EntityType.ORGANISATION,
        ("Zenith Corp", "Zenith", "Zenith AG"),
        (Identifier("wikidata", "Q42"), Identifier("desk", "z-1"), Identifier("ticker", "ZNT")),
        "DEU",
        (),
    )


def test_one_name_of_two_types_is_two_things() -> None:
    found = things(line("Lindfors", "Lindfors", "PERSON"), line("Lindfors", "Lindfors", "PLACE"))
    assert [one.type for one in found] == [EntityType.PERSON, EntityType.PLACE]


def test_comments_blank_lines_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    text = "\ufeff# names of our desk\r\n\r\n" + table(line("Zenith"), "# more", "", line("Zenith AG")).replace(
        "\n", "\r\n"
    )
    listed, problems = read_aliases(text)
    assert problems == ()
    assert listed[0].aliases == ("Zenith Corp", "Zenith", "Zenith AG")


def test_quotes_are_characters_like_others() -> None:
    [one] = things(line('"Fingers" Malone', 'Ed "Fingers" Malone', "PERSON"))
    assert one.aliases == ('Ed "Fingers" Malone', '"Fingers" Malone')


def in_office(role: str, **more: str) -> Listed:
    [one] = things(line("Ana Torre", "Ana Torre", "PERSON", role=role, **more))
    return one


def test_a_year_and_a_month_are_their_whole_period() -> None:
    [term] = in_office("President", country="CHL", valid_from="2001", valid_to="2004-02").terms
    assert (term.valid_from, term.valid_to) == (date(2001, 1, 1), date(2004, 2, 29))
    [term] = in_office("President", valid_from="2001-06", valid_to="2003").terms
    assert (term.valid_from, term.valid_to) == (date(2001, 6, 1), date(2003, 12, 31))
    [term] = in_office("President", valid_from="2001-06-07", valid_to="2001-06-07").terms
    assert (term.valid_from, term.valid_to) == (date(2001, 6, 7), date(2001, 6, 7))


@pytest.mark.parametrize(
    ("role", "country", "sector"),
    [
        ("Foreign Minister", "CHL", "GOV"),
        ("Attorney General", "USA", "JUD"),  # not that of "general"
        ("Deputy Prime Minister and Leader", "CHL", "GOV"),
        ("JRN", "CHL", "JRN"),
        ("Secretary-General", "UNO", None),
        ("Beekeeper", "CHL", None),
    ],
)
def test_the_sector_is_that_of_the_longest_title_in_the_role_or_the_role_itself(
    role: str, country: str, sector: str | None
) -> None:
    assert in_office(role, country=country).terms[0].sector == sector


def career() -> Listed:
    [one] = things(
        line("Ana Torre", "Ana Torre", "PERSON", country="CHL", role="President", valid_from="2010", valid_to="2014"),
        line("Ana Torre", "Ana Torre", "PERSON", country="CHL", role="Senator", valid_from="2002", valid_to="2011-03"),
        line("Ana Torre", "Ana Torre", "PERSON", country="UNO", role="UN Envoy", valid_from="2016-02-01"),
    )
    return one


@pytest.mark.parametrize(
    ("day", "now", "before"),
    [
        (date(2001, 12, 31), None, None),
        (date(2002, 1, 1), "Senator", None),
        (date(2010, 6, 1), "President", None),  # a senator still, but the later beginning wins
        (date(2011, 4, 1), "President", "Senator"),
        (date(2014, 12, 31), "President", "Senator"),
        (date(2015, 1, 1), None, "President"),
        (date(2016, 1, 31), None, "President"),
        (date(2016, 2, 1), "UN Envoy", "President"),
        (date(2031, 1, 1), "UN Envoy", "President"),
    ],
)
def test_the_term_on_a_day_and_the_one_before(day: date, now: str | None, before: str | None) -> None:
    valid, ended = term_on(career(), day), former(career(), day)
    assert (valid and valid.role, ended and ended.role) == (now, before)


def test_the_country_is_that_of_lines_without_a_role_else_that_on_which_all_terms_agree() -> None:
    senator = line("Ana Torre", "Ana Torre", "PERSON", country="CHL", role="Senator", valid_to="2009")
    envoy = line("Ana Torre", "Ana Torre", "PERSON", country="UNO", role="UN Envoy", valid_from="2010")
    born = line("Ana Torre", "Ana Torre", "PERSON", country="PER")
    assert things(senator)[0].country == "CHL"
    assert things(senator, envoy)[0].country is None
    assert things(senator, envoy, born)[0].country == "PER"


# ------------------------------------------------------------------------------------------------ what is wrong

PERSON = {"name": "Ana Torre", "type_": "PERSON"}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (line(""), ["alias is empty"]),
        (line("Zenith", ""), ["name is empty"]),
        (line("..."), ["alias '...'", "no letter"]),
        (line("Zenith", type_=""), ["type is empty", "PERSON ORGANISATION PLACE GROUP EVENT OBJECT"]),
        (line("Zenith", type_="COMPANY"), ["type 'COMPANY'", "ORGANISATION"]),
        (line("Zenith", type_="UNKNOWN"), ["type 'UNKNOWN'"]),
        (line("Zenith", scheme="wikidata"), ["scheme 'wikidata' without an id"]),
        (line("Zenith", id="Q42"), ["id 'Q42' without a scheme"]),
        (line("Zenith", scheme="our desk", id="1"), ["scheme 'our desk' has a space"]),
        (line("Zenith", country="US"), ["country 'US'", "give USA"]),
        (line("Zenith", country="usa"), ["country 'usa'", "give USA"]),
        (line("Zenith", country="EU"), ["country 'EU'", "give EUR"]),
        (line("Zenith", country="ZZZ"), ["country 'ZZZ'", "ISO 3166-1"]),
        (line("Zenith", country="SUN"), ["country 'SUN'"]),  # the Soviet Union has no code of today
        (line("Zenith", valid_from="2001"), ["valid_from '2001' without a role"]),
        (line("Torre", **PERSON, role="Senator", valid_from="2001-13"), ["valid_from '2001-13' is no date", "YYYY-MM"]),
        (line("Torre", **PERSON, role="Senator", valid_to="2001-02-29"), ["valid_to '2001-02-29' is no date"]),
        (line("Torre", **PERSON, role="Senator", valid_to="3/4/2001"), ["valid_to '3/4/2001' is no date"]),
        (line("Torre", **PERSON, role="Senator", valid_to="0000"), ["valid_to '0000' is no date"]),
        (
            line("Torre", **PERSON, role="Senator", valid_from="2004-05", valid_to="2004-04"),
            ["valid_to '2004-04' is before valid_from '2004-05'"],
        ),
        (line(" Zenith"), ["alias ' Zenith' has a space"]),
        (line("Zenith  AG"), ["alias 'Zenith  AG' has a space"]),
        (line("Zenith", country="DEU "), ["country 'DEU ' has a space"]),
        (line("Zen\x07ith"), ["alias 'Zen\\x07ith'", "U+0007"]),
        (line("Zenith\u200b"), ["U+200B"]),
        (line("Zenith").rsplit("\t", 2)[0], ["7 cells instead of 9", "valid_from, valid_to"]),
        (line("Zenith") + "\tmore", ["10 cells instead of 9", "too many"]),
        ("Zenith", ["1 cells instead of 9"]),
    ],
)
def test_a_wrong_line_is_told_with_its_number_its_column_and_its_value(bad: str, words: list[str]) -> None:
    found = wrong(line("Good", "Good Ltd"), "# a comment", bad)
    assert [number for number, _ in found] == [4]
    assert all(word in found[0][1] for word in words), found


def test_a_wrong_line_takes_no_other_with_it() -> None:
    listed, problems = read_aliases(table(line("Good", "Good Ltd"), line("", country="US"), line("Fine", "Fine Ltd")))
    assert [one.name for one in listed] == ["Good Ltd", "Fine Ltd"]
    assert [problem.line for problem in problems] == [3, 3]


def test_every_problem_of_a_file_is_told_in_order_of_lines() -> None:
    found = wrong(
        line("Zenith", country="US", valid_from="soon"), line("Nadir", "Nadir"), line("Nadir", "Nadir"), line("", "")
    )
    assert [number for number, _ in found] == [2, 2, 2, 4, 5, 5]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (HEADER.replace("alias", "alais"), ["lacks 'alias'", "has 'alais'"]),
        (HEADER.replace("scheme\tid", "id\tscheme"), ["another order"]),
        (HEADER.replace("\t", ","), ["lacks 'alias'", "a tab between"]),
        (line("Zenith"), ["lacks 'alias'"]),
    ],
)
def test_a_wrong_header_is_told_with_the_right_one(header: str, words: list[str]) -> None:
    _, [problem] = read_aliases(f"# our names\n{header}\n")
    assert problem.line == 2
    assert all(word in problem.message for word in [*words, "alias name type scheme"]), problem


def test_lines_below_a_header_with_a_slip_are_checked_too() -> None:
    _, problems = read_aliases(HEADER.replace("alias", "alais") + "\n" + line("Zenith", country="US"))
    assert [problem.line for problem in problems] == [1, 2]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_a_file_without_a_header_is_none(text: str) -> None:
    listed, [problem] = read_aliases(text)
    assert (listed, problem.line) == ((), 1)
    assert "no header" in problem.message


def test_a_table_without_lines_is_a_table() -> None:
    assert read_aliases(HEADER + "\n") == ((), ())


def test_a_line_that_stands_twice() -> None:
    [(number, message)] = wrong(line("Zenith"), line("Zenith AG"), line("Zenith"))
    assert number == 4
    assert "line 2" in message


def test_an_alias_of_two_things_of_one_type() -> None:
    [(number, message)] = wrong(line("Torre", **PERSON), line("Torre", "Eva Torre", "PERSON"))
    assert number == 3
    assert all(word in message for word in ("'Torre'", "'Ana Torre'", "line 2", "'Eva Torre'")), message


def test_a_name_is_an_alias_too() -> None:
    [(number, message)] = wrong(line("Ana", **PERSON), line("Ana Torre", "Ana Torre Diaz", "PERSON"))
    assert number == 3
    assert "'Ana Torre'" in message


def term(alias: str, name: str, valid_from: str, valid_to: str = "") -> str:
    return line(alias, name, "PERSON", role="President", country="CHL", valid_from=valid_from, valid_to=valid_to)


def test_an_alias_may_mean_two_people_whose_roles_do_not_overlap() -> None:
    first, second = term("Jo Torre", "Jo Torre Sr", "1989", "1993-01-19"), term("Jo Torre", "Jo Torre Jr", "1993-01-20")
    assert [one.name for one in things(first, second)] == ["Jo Torre Sr", "Jo Torre Jr"]
    assert [number for number, _ in wrong(first, term("Jo Torre", "Jo Torre Jr", "1993-01-19"))] == [3]
    assert [number for number, _ in wrong(first, line("Jo Torre", "Jo Torre Jr", "PERSON"))] == [3]


def test_an_alias_may_mean_things_of_two_types() -> None:
    assert len(things(line("Zenith"), line("Zenith", "Zenith Peak", "PLACE"))) == 2


def test_an_id_that_two_things_have() -> None:
    of = {"scheme": "wikidata", "id": "Q42"}
    [(number, message)] = wrong(line("Zenith", **of), line("Zenit", "Zenit Corp", **of))
    assert number == 3
    assert all(word in message for word in ("'Q42'", "'Zenith Corp'", "line 2")), message


def test_two_countries_of_one_thing() -> None:
    [(number, message)] = wrong(line("Zenith", country="DEU"), line("Zenith AG", country="AUT"))
    assert number == 3
    assert all(word in message for word in ("'AUT'", "'DEU'", "line 2")), message
