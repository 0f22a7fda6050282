"""Dates are found, resolved against the article's own date, and not seen where there are none."""

from datetime import UTC, date, datetime

import pytest
from tagging import an_article, dates, tagged

from pipeline.model import CleanArticle, Dateline, Moment, Precision


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("The treaty was signed on 5 April 2016 in Lima.", "2016-04-05"),
        ("The treaty was signed on April 5, 2016, in Lima.", "2016-04-05"),
        ("The treaty was signed on the 5th of April 2016.", "2016-04-05"),
        ("The treaty was signed on 2016-04-05.", "2016-04-05"),
        ("The treaty was signed on 25/03/2016.", "2016-03-25"),
        ("The treaty was signed on Sept. 3, 1998.", "1998-09-03"),
        ("The treaty was signed in February 2016.", "2016-02"),
        ("The treaty was signed in 2015.", "2015"),
    ],
)
def test_a_date_with_its_year_needs_no_anchor(sentence: str, value: str) -> None:
    assert [found for _, found in dates(sentence, published=None)] == [value]


@pytest.mark.parametrize(
    ("sentence", "text", "value"),
    [
        # days
        ("The ministers met on Tuesday in Vienna.", "Tuesday", "2016-04-05"),
        ("The ministers met on Monday in Vienna.", "Monday", "2016-04-04"),
        ("The ministers met on Wednesday in Vienna.", "Wednesday", "2016-03-30"),
        ("The ministers met last Friday in Vienna.", "last Friday", "2016-04-01"),
        ("The ministers met last Tuesday in Vienna.", "last Tuesday", "2016-03-29"),
        ("The ministers will meet on Friday in Vienna.", "Friday", "2016-04-08"),
        ("The ministers are due to meet on Thursday.", "Thursday", "2016-04-07"),
        ("The minister said she would fly to Oslo on Saturday.", "Saturday", "2016-04-09"),
        ("The ministers will meet next Monday.", "next Monday", "2016-04-11"),
        ("Two soldiers were killed today.", "today", "2016-04-05"),
        ("Two soldiers were killed yesterday.", "yesterday", "2016-04-04"),
        ("Parliament votes on the budget tomorrow.", "tomorrow", "2016-04-06"),
        ("Two soldiers were killed last night.", "last night", "2016-04-04"),
        ("Two soldiers were killed two days ago.", "two days ago", "2016-04-03"),
        ("The two men met on March 24 in Oslo.", "March 24", "2016-03-24"),
        ("The two men met on 24 March in Oslo.", "24 March", "2016-03-24"),
        ("The two men met on December 20 in Oslo.", "December 20", "2015-12-20"),
        ("The two men will meet on January 10 in Oslo.", "January 10", "2017-01-10"),
        ("The two men met on Dec. 20 in Oslo.", "Dec. 20", "2015-12-20"),
        ("They met on Monday, April 4, in Oslo.", "Monday, April 4", "2016-04-04"),
        # weeks
        ("The paper printed the interview last week.", "last week", "2016-W13"),
        ("The delegation arrives next week.", "next week", "2016-W15"),
        ("The army shelled the town three weeks ago.", "three weeks ago", "2016-W11"),
        # months
        ("The bombings of last month killed 30.", "last month", "2016-03"),
        ("The two sides agreed on a truce in February.", "February", "2016-02"),
        ("The two sides agreed on a truce in November.", "November", "2015-11"),
        ("The two sides agreed on a truce in April.", "April", "2016-04"),
        ("They set an August deadline for a deal.", "August", "2016-08"),
        ("The country will hold elections in June.", "June", "2016-06"),
        ("The country will hold elections next month.", "next month", "2016-05"),
        ("The two sides agreed on a truce in May last year.", "May last year", "2015-05"),
        ("The truce was agreed two months ago.", "two months ago", "2016-02"),
        # years
        ("The government fell last year.", "last year", "2015"),
        ("The economy will grow this year.", "this year", "2016"),
        ("The war began three years ago.", "three years ago", "2013"),
    ],
)
def test_a_date_is_resolved_against_the_date_of_publication(sentence: str, text: str, value: str) -> None:
    assert dates(sentence) == [(text, value)]


def test_a_year_later_counts_from_the_date_before_it() -> None:
    assert dates("The plan was endorsed in March 2014. Elections followed a year later.") == [
        ("March 2014", "2014-03"),
        ("a year later", "2015"),
    ]


def test_a_clause_a_day_after_which_something_happened_lies_before_it() -> None:
    found = dates("He resigned on 2 March 2016, a day after police searched his house.")
    assert found[1:] == [("a day after", "2016-03-01")]
    assert dates("He resigned a day after police searched his house.") == []


def test_the_next_day_counts_from_the_day_before_it() -> None:
    assert dates("They met on 2 March 2016. The next day they signed.")[1] == ("The next day", "2016-03-03")
    assert dates("They met on 2 March 2016 and will build it over the next year.")[1:] == []


def test_three_days_later_counts_from_the_day_before_it() -> None:
    assert dates("He was arrested on 1 March 2012. Three days later he was dead.")[1] == (
        "Three days later",
        "2012-03-04",
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "The rebels may attack the town.",
        "Thousands will march through the capital.",
        "The price rose from 10 a week to 12.",
        "The 24-year-old student was freed.",
        "The five-year war has killed thousands.",
        "The daily flight carried 300 people.",
        "He won 5-4 after 12 rounds.",
        "About 2,000 people fled, and 1,500 stayed.",
        "The Sunday Times reported the deal.",
        "Theresa May and Mr. March spoke for 20 minutes.",
        "Shops are closed on Fridays and every Monday.",
        "It was the worst result of the last week or so.",
        "The song of the 1990s sold 5 million copies.",
        "The index fell to 2016.5 points.",
    ],
)
def test_what_only_looks_like_a_date_is_none(sentence: str) -> None:
    assert dates(sentence) == []


def test_without_an_anchor_only_full_dates_are_found() -> None:
    assert dates("He came on Tuesday, on March 24 and last week, not on 2 May 2011.", published=None) == [
        ("2 May 2011", "2011-05-02")
    ]


def test_the_dateline_is_the_anchor_where_no_time_of_publication_is_given() -> None:
    article = an_article("The ministers met on Monday.")
    dateline = Dateline("OSLO, May 4 -", "OSLO", Moment(datetime(2016, 5, 4, tzinfo=UTC), Precision.DAY))
    undated = CleanArticle(article.source, "a1", None, article.body, "en", dateline=dateline)
    assert [found.value for found in tagged(undated).dates] == ["2016-05-02"]


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert dates("It happened on 30 February 2015 or on 31/02/2015.", published=None) in (
        [],
        [("February 2015", "2015-02")],
    )


def test_five_slashed_four_is_not_guessed() -> None:
    assert dates("The form was filed 05/04/2016.") == []


def test_september_11_and_attacks_is_2001() -> None:
    assert ("Sept. 11", "2001-09-11") in dates("Security was tightened after the Sept. 11 attacks.")


def test_a_range_ends_with_its_last_day() -> None:
    assert dates("The talks were held from 5 to 7 March 2016.") == [("5 to 7 March 2016", "2016-03-05")]


def test_the_headline_is_read_too() -> None:
    found = tagged(an_article("Nothing else is known.", headline="Leaders to meet on Friday")).dates
    assert [(one.field, one.text, one.value) for one in found] == [("HEADLINE", "Friday", "2016-04-08")]


@pytest.mark.parametrize("published", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_calendar_s_ends_are_no_error(published: date) -> None:
    body = "He came 900 years ago, last year, in May, on Friday, and will come in 200 years, next week and on March 3."
    assert tagged(an_article(body, published=published)).problems == ()
