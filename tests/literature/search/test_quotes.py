"""What is quoted of a passage, and which of its words are marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vademecum.literature.index.tokens import tokens
from vademecum.literature.quotes import QUOTE_LIMIT, quote, term_weights


def cited(text: str, question: str) -> str:
    start, end = quote(text, term_weights(tokens(question), [text])).span
    return text[start:end]


def test_the_sentence_that_holds_most_of_the_question_is_quoted() -> None:
    text = "Gout is common. Colchicine eased gout pain within a day. Pain was scored daily by nurses on a scale."
    assert cited(text, "Does colchicine ease gout pain?") == "Colchicine eased gout pain within a day."


def test_a_neighbour_that_also_answers_is_quoted_with_it() -> None:
    text = "Methods were plain. Colchicine eased gout pain. Colchicine 1.2 mg eased gout too. The rest is silence."
    assert cited(text, "colchicine gout pain") == "Colchicine eased gout pain. Colchicine 1.2 mg eased gout too."


def test_without_a_match_the_first_sentence_is_quoted() -> None:
    assert cited("Leaves have holes. They die.", "gout") == "Leaves have holes."


def test_a_rarer_word_weighs_more() -> None:
    weights = term_weights(["gout", "colchicin"], ["gout", "gout", "gout colchicine"])
    assert weights["colchicin"] > weights["gout"]


def test_words_are_marked_without_the_punctuation_around_them() -> None:
    text = 'Of "gout", (TNF-α) and 10⁹/L: 5 mg.'
    marked = quote(text, term_weights(tokens("gout TNF-alpha"), [text])).highlights
    assert [text[start:end] for start, end in marked] == ["gout", "TNF-α"]


@given(st.text(max_size=600), st.text(max_size=80))
def test_spans_lie_in_order_within_the_text(text: str, question: str) -> None:
    found = quote(text, term_weights(tokens(question), [text]))
    start, end = found.span
    assert 0 <= start <= end <= len(text)
    assert end - start <= max(QUOTE_LIMIT, len(text))
    places = [place for span in found.highlights for place in span]
    assert places == sorted(places)
    assert all(text[start:end].strip() for start, end in found.highlights)
