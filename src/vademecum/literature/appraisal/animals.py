"""Work on animals."""

from __future__ import annotations

from vademecum.evidence.model import Design
from vademecum.literature.appraisal.reviews import by_narrative_review, by_review_of_studies
from vademecum.literature.appraisal.verdict import Verdict
from vademecum.literature.appraisal.view import View


def by_animals(seen: View) -> Verdict | None:
    """A randomised trial in rats is an animal study. A review of animal work stays a review."""
    if seen.animal is None or by_review_of_studies(seen) is not None or by_narrative_review(seen) is not None:
        return None
    return Verdict(Design.ANIMAL, seen.animal)
