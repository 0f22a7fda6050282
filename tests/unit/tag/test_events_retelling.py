"""What headline, lead and background tell again is one event."""

from coding import events

from pipeline.model import Field


def test_headline_and_body_tell_one_event() -> None:
    found = events("On Monday Kenya accused Uganda of spying on its army.", "Kenya accuses Uganda of spying")
    accusations = [e for e in found if e.type == "ACCUSE"]
    assert len(accusations) == 1
    assert accusations[0].evidence.field is Field.BODY
    assert [s.field for s in accusations[0].other_evidence] == [Field.HEADLINE]


def test_two_dates_are_two_events() -> None:
    found = events("Uganda condemned Rwanda on Monday.\nUganda condemned Rwanda in February.")
    assert len([e for e in found if e.type == "ACCUSE"]) == 2


def test_two_actors_are_two_events() -> None:
    found = events("Uganda condemned Rwanda.\nKenya condemned Rwanda.")
    assert len([e for e in found if e.type == "ACCUSE"]) == 2


def test_spans_are_the_text_they_point_to() -> None:
    headline, body = (
        "Troops “storm” village",
        "Ärzte in Köln – and Turkish troops – attacked Kurdish rebels near Erbil.\nThe U.N. condemned the raid.",
    )
    found = events(body, headline)
    assert found
    for event in found:
        spans = [event.trigger, event.evidence, *event.other_evidence, *event.actors, *event.recipients]
        for span in spans:
            text = headline if span.field is Field.HEADLINE else body
            assert text[span.start : span.end] == span.text


def test_a_death_and_the_toll_of_a_season_are_two_events() -> None:
    of_one = "Israeli forces killed two Palestinians in Nablus. "
    assert len(events(f"{of_one}At least 52 Palestinians have been killed this year.")) == 2
    assert len(events(f"{of_one}Three Palestinians were killed by Israeli forces.")) == 1
