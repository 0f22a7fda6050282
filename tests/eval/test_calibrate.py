"""The fit of confidence finds what is so, and the weights of the table say of the golden articles what is right."""

from __future__ import annotations

import random
from functools import cache

import calibrate
import pytest
from calibrate import Sample

from pipeline.stages.tag.events import confidence


@cache
def golden() -> list[Sample]:
    return calibrate.samples()


def made(number: int) -> list[Sample]:
    """Events of which nine in ten are right if they are dated, and three in ten if not."""
    rng = random.Random(1)
    dated = [float(rng.random() < 0.5) for _ in range(number)]
    return [Sample(f"a{n % 20}", {"dated": d}, rng.random() < (0.9 if d else 0.3)) for n, d in enumerate(dated)]


def test_the_fit_finds_the_shares() -> None:
    weights = calibrate.fit(made(4000), 1.0)
    assert confidence.confidence({"dated": 1.0}, weights) == pytest.approx(0.9, abs=0.02)
    assert confidence.confidence({"dated": 0.0}, weights) == pytest.approx(0.3, abs=0.03)


def test_an_article_is_judged_by_weights_of_others() -> None:
    """With one feature an article, what its own events are cannot be known."""
    found = [Sample(f"a{n}", {f"only {n}": 1.0}, n % 2 == 0) for n in range(16) for _ in range(20)]
    assert calibrate.loss(found, calibrate.crossed(found, 1.0)) >= 0.99


def test_a_rare_feature_is_no_evidence() -> None:
    rare = [Sample("b", {"modal": 1.0, "dated": 0.0}, False)]
    assert "modal" not in calibrate.fit(made(200) + rare, 1.0)


def test_the_report_tells_each_bin() -> None:
    said, weights = calibrate.report(made(2000))
    assert "2000 events of 20 articles" in said
    assert "| 0.0 to 0.5 | " in said
    assert set(weights) == {"base", "dated"}


def test_confidence_is_right_as_often_as_it_says() -> None:
    found = golden()
    likely = [confidence.confidence(sample.features) for sample in found]
    share = sum(sample.right for sample in found) / len(found)
    assert sum(likely) / len(found) == pytest.approx(share, abs=0.05)
    assert calibrate.loss(found, likely) < 0.95 * calibrate.entropy(share)
    for low, high in ((0.0, 0.75), (0.75, 0.9), (0.9, 1.0)):
        inside = [(p, s.right) for s, p in zip(found, likely, strict=True) if low <= p < high]
        said, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
        assert said == pytest.approx(right, abs=0.12), (low, high, len(inside))
