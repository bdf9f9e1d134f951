"""The page: nothing lost, nothing fetched, nothing run, usable by everyone."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from made_articles import BOTTOM_LINE, CHILD_DOSE, HOSTILE, REFERENCES, WHOLE, hostile, said
from msgspec.structs import replace

from vademecum.answer.article import Article, sentences
from vademecum.answer.pipeline import ask
from vademecum.evidence.model import Certainty, GradeOrigin, SourceState, Strength
from vademecum.packs.library import Library
from vademecum.proof.model import Check, Proof, Verdict
from vademecum.render.html import TEMPLATES, render_html
from vademecum.render.inline import clean
from vademecum.render.sources_svg import describe, render_sources_svg

QUESTION = "What is the treatment for severe inflammatory muscle spasms?"
VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})
TAGS = frozenset(
    (
        *("html", "head", "meta", "title", "style", "body", "header", "footer", "main", "nav", "section", "aside"),
        *("h1", "h2", "h3", "h4", "p", "div", "span", "a", "b", "em", "s", "sup", "br", "code", "ul", "ol", "li"),
        *("dl", "dt", "dd", "details", "summary", "figure", "figcaption", "table", "caption", "thead", "tbody"),
        *("tr", "th", "td", "svg", "symbol", "use", "path", "circle", "rect", "g", "text", "tspan", "desc"),
    )
)
ATTRIBUTES = frozenset(
    (
        *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "open", "value", "scope", "role"),
        *("aria-hidden", "aria-label", "aria-labelledby", "aria-describedby", "aria-current", "data-label"),
        *("focusable", "xmlns", "viewbox", "width", "height", "x", "y", "rx", "cx", "cy", "r", "d", "fill", "stroke"),
        *("stroke-width", "stroke-dasharray", "stroke-linejoin", "font-family", "font-size", "font-weight"),
        *("font-style", "text-anchor", "text-decoration"),
    )
)


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, *tags: str) -> list[Element]:
        """Descendants with one of `tags`, all of them when none is named; in the order of the page."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] if not tags or child.tag in tags else []
                found += child.all(*tags)
        return found

    def named(self, css: str) -> list[Element]:
        return [element for element in self.all() if css in element.attrs.get("class", "").split()]


class Reader(HTMLParser):
    """Builds the tree and holds the page to closing what it opens."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.here.tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read(page: str) -> Element:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.here is reader.root
    return reader.root


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module", params=["physician", "patient"])
def real(request: pytest.FixtureRequest, library: Library) -> Article:
    return ask(QUESTION, library, audience=request.param)


@pytest.fixture(scope="module")
def crisis(library: Library) -> Article:
    return ask("I don't want to be alive any more.", library)


@pytest.fixture(scope="module", params=["whole", "hostile", "real", "crisis", "nothing found", "dose"])
def article(request: pytest.FixtureRequest, library: Library, crisis: Article) -> Article:
    found: dict[str, Article] = {"whole": WHOLE, "hostile": hostile(WHOLE), "crisis": crisis}
    questions = {"real": QUESTION, "nothing found": "treatment of wobblefoo", "dose": "dose of methotrexate"}
    name: str = request.param
    return found[name] if name in found else ask(questions[name], library)


# --- nothing lost ----------------------------------------------------------------------------------------


def test_every_sentence_of_a_real_answer_appears(real: Article) -> None:
    seen = squeezed(read(render_html(real)).text)
    assert [s.text for s in sentences(real) if squeezed(clean(s.text)) not in seen] == []


def test_every_part_of_an_article_appears() -> None:
    seen = squeezed(read(render_html(WHOLE)).text)
    expected = [s.text for s in sentences(WHOLE)]
    expected += [text for r in WHOLE.references for text in (r.text, r.status_note or "", r.read)]
    expected += [gap.reason for gap in WHOLE.coverage] + [WHOLE.disclaimer, WHOLE.article_id, WHOLE.library_version]
    expected += [*WHOLE.suggestions, *WHOLE.questions_to_ask, *WHOLE.own_content, *WHOLE.review.history]
    expected += [WHOLE.review.line, WHOLE.question, WHOLE.title, *WHOLE.interpretation.assumptions]
    expected += ["24 Nov 2026", "20 Nov 2026", "never", "24 Nov 2027", "Kidney disease".lower(), "grade 5.5"]
    expected += ["n = 31", "EXPRESSION OF CONCERN", "Decides", "not stated", "answered below", "Get help now"]
    assert [text for text in expected if squeezed(text) not in seen] == []


def test_the_proof_of_a_sentence_says_what_there_is_to_say() -> None:
    sentence = said(
        "Give it.",
        1,
        2,
        statement_ids=("st-7", "st-8"),
        strength=Strength.CONDITIONAL,
        certainty=Certainty.LOW,
        grade_origin=GradeOrigin.EDITOR,
        scope="cancer immunotherapy",
        caveat="From an abstract",
        contrary=True,
        proof=Proof(Verdict.PARTIAL, (Check("drug", True), Check("period", False, "says daily")), ()),
    )
    page = read(render_html(replace(WHOLE, bottom_line=sentence)))
    details = next(d for d in page.named("bottom-line")[0].named("ev"))
    summary, panel = (element for element in details.children if isinstance(element, Element))
    assert squeezed(summary.text) == "Evidence 1, 2 ●●○○, low certainty conditional"
    assert [squeezed(element.text) for element in panel.all("p", "li")] == [
        "Conditional recommendation, low certainty (editor's judgement, not the source's); about adults",
        "Setting cancer immunotherapy",
        "Caveat From an abstract",
        "Speaks against a recommended option",
        "1 BSR 2022; guideline; read: secondary summary",
        "2 Smith J 2014; randomised trial; n = 31; read: abstract; EXPRESSION OF CONCERN",
        "st-7, st-8: partial, passed 1 of 2 checks; failed period (says daily)",
    ]
    assert [a.attrs["href"] for a in panel.all("a")] == [
        *("#ref-1", "https://doi.org/10.1093/rheumatology/keac115"),
        *("#ref-2", "https://example.org/a_%28b%29?c=1"),
    ]


def test_a_sentence_has_its_proof_or_stands_beside_it(article: Article) -> None:
    """Only a phrase with the very statements of its neighbour repeats no more than the numbers."""
    for text in read(render_html(article)).named("t"):
        assert text.parent is not None
        after = [e for e in text.parent.children if isinstance(e, Element) and e.tag in {"details", "sup"}]
        assert len(after) == 1
        if after[0].tag == "sup":
            neighbour = text.parent.parent
            while neighbour is not None and neighbour.tag not in {"li", "tr"}:
                neighbour = neighbour.parent
            assert neighbour is not None
            assert neighbour.all("details")


def test_citations_lead_to_references_and_every_anchor_exists(article: Article) -> None:
    page = read(render_html(article))
    ids = [element.attrs["id"] for element in page.all() if "id" in element.attrs]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    inside = {a.attrs["href"].removeprefix("#") for a in page.all("a", "use") if a.attrs["href"].startswith("#")}
    assert inside <= set(ids)
    named = {n for e in page.all() for a in ("aria-labelledby", "aria-describedby") for n in e.attrs.get(a, "").split()}
    assert named <= set(ids)


def test_citations_of_every_sentence_are_linked(real: Article) -> None:
    page = read(render_html(real))
    for sentence in {s.text: s for s in sentences(real)}.values():
        known = {f"#ref-{number}" for number in sentence.citations}
        holders = [t.parent for t in page.named("t") if squeezed(t.text).endswith(squeezed(clean(sentence.text)))]
        assert any(known <= {a.attrs["href"] for a in holder.all("a")} for holder in holders if holder)


# --- nothing fetched, nothing run ------------------------------------------------------------------------


def test_the_page_is_made_of_known_parts_and_links_only_out(article: Article) -> None:
    page = read(render_html(article))
    assert {element.tag for element in page.all()} <= TAGS
    assert {name for element in page.all() for name in element.attrs} <= ATTRIBUTES
    for element in page.all():
        address = element.attrs.get("href", "#")
        assert address.startswith("#") or (element.tag == "a" and re.match(r"https?://[\w.-]+/", address))


def test_the_policy_allows_nothing_but_the_one_style() -> None:
    page = read(render_html(WHOLE))
    (style,) = page.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    (policy,) = [m for m in page.all("meta") if m.attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attrs["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import|@font-face|expression|<", style.text)


def test_hostile_words_are_only_words() -> None:
    page, tame = read(render_html(hostile(WHOLE))), read(render_html(WHOLE))
    assert "<script" not in render_html(hostile(WHOLE)).lower()
    assert {a.attrs["href"] for a in page.all("a")} == {a.attrs["href"] for a in tame.all("a")}
    (heading,) = page.all("h1")
    assert squeezed(heading.text).startswith(squeezed(clean(HOSTILE)))
    assert "\u202e" not in page.text
    assert "\x1b" not in page.text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", "https://u:p@evil.example/", "https://", "x"]
)
def test_only_web_addresses_become_links(url: str) -> None:
    reference = replace(REFERENCES[1], url=url, text=f"Smith J. A trial of methotrexate. Available from: {url}")
    page = read(render_html(replace(WHOLE, references=(REFERENCES[0], reference))))
    assert all(a.attrs["href"].startswith(("#", "https://doi.org/", "https://pubmed.")) for a in page.all("a"))
    assert url in page.text


def test_commands_are_safe_to_paste() -> None:
    article = replace(WHOLE, question='x"; rm -rf ~ $(id)', suggestions=("-e?",))
    codes = [code.text for code in read(render_html(article)).all("code")]
    assert "vade ask --for patient 'x\"; rm -rf ~ $(id)'" in codes
    assert 'vade ask -- "-e?"' in codes
    assert "\u00a0" not in "".join(codes)


def test_the_same_article_gives_the_same_bytes(real: Article) -> None:
    assert render_html(real) == render_html(real)


def test_a_long_answer_stays_light(real: Article) -> None:
    assert len(render_html(real).encode()) < 500_000


# --- usable by everyone ----------------------------------------------------------------------------------


def test_headings_descend_one_at_a_time_from_a_single_first(article: Article) -> None:
    levels = [int(h.tag[1]) for h in read(render_html(article)).all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks_language_title_and_the_way_past_the_contents(article: Article) -> None:
    page = read(render_html(article))
    (root,), (title,), (main,) = page.all("html"), page.all("title")[:1], page.all("main")
    assert root.attrs["lang"] == "en"
    assert title.text.endswith(" | Vademecum")
    assert page.all("a")[0].attrs["href"] == f"#{main.attrs['id']}"
    assert all("aria-label" in nav.attrs for nav in page.all("nav"))


def test_tables_have_captions_headers_and_spelt_out_roles() -> None:
    for table in read(render_html(WHOLE)).all("table"):
        assert table.all("caption")[0].text
        assert {th.attrs["scope"] for th in table.all("thead")[0].all("th")} == {"col"}
        assert all(row.all("th")[0].attrs["scope"] == "row" for row in table.all("tbody")[0].all("tr"))
        assert all("role" in element.attrs for element in table.all("tr", "th", "td", "thead", "tbody"))
    labels = [td.attrs["data-label"] for td in read(render_html(WHOLE)).all("td")]
    assert labels[:3] == ["When", "Target", "If abnormal"]


def test_amounts_never_break_and_doses_say_whom_they_are_for() -> None:
    page = read(render_html(WHOLE))
    doses = page.named("dose")
    assert {squeezed(d.named("pop")[0].text) for d in doses} == {"adults", "children"}
    amounts = [amount.text for dose in doses for amount in dose.named("n")]
    assert "15\u00a0to\u00a020\u00a0mg/m2" in amounts
    assert not any(" " in amount for amount in amounts)
    assert squeezed(CHILD_DOSE.text) in squeezed(page.text)


def test_marks_are_shapes_with_words_for_ears() -> None:
    page = read(render_html(replace(WHOLE, bottom_line=BOTTOM_LINE)))
    summary = page.named("bottom-line")[0].all("summary")[0]
    (dots,) = summary.all("b")
    assert (dots.text, dots.attrs["aria-hidden"]) == ("●●●○", "true")
    assert "moderate certainty" in summary.text


def test_an_option_to_avoid_is_struck_out_with_its_reason() -> None:
    (option,) = read(render_html(WHOLE)).named("avoid")
    assert [s.text for s in option.all("s")] == ["Low-dose warfarin"]
    assert squeezed(option.text).startswith("Avoid: Low-dose warfarin A small trial was unfavourable.")


def test_cautions_stand_in_one_band_for_each_drug() -> None:
    bands = {squeezed(b.all("h3")[0].text): b for b in read(render_html(WHOLE)).named("band")}
    assert list(bands) == ["Methotrexate", "Prednisone"]
    assert [h.text for h in bands["Methotrexate"].all("h4")] == ["Boxed warning", "Do not use"]


def test_the_next_step_is_a_link() -> None:
    (fails,) = read(render_html(WHOLE)).named("fails")
    assert squeezed(fails.text) == "If this fails Step 2: Reconsider the diagnosis"
    assert fails.all("a")[0].attrs["href"] == "#step-two"


# --- what comes first ------------------------------------------------------------------------------------


def test_a_notice_comes_before_everything(article: Article) -> None:
    main = read(render_html(article)).all("main")[0]
    first = next(child for child in main.children if isinstance(child, Element))
    assert ("notice" in first.attrs.get("class", "")) == (article.notice is not None)


def test_parts_stand_in_the_readers_order() -> None:
    page = read(render_html(WHOLE))
    order = ["notice-title", "red-flags", "premise", "forks", "bottom-line", "sec-assessment", "sec-treatment"]
    order += ["sec-cautions", "coverage", "references", "questions", "next", "own-content"]
    ids = [element.attrs["id"] for element in page.all() if "id" in element.attrs]
    assert [name for name in ids if name in order] == order


def test_a_crisis_reply_is_the_reply_alone(crisis: Article) -> None:
    page = read(render_html(crisis))
    assert crisis.notice is not None
    assert page.all("h1")[0].text == crisis.notice.title
    assert crisis.question not in page.text
    assert not page.all("nav", "details", "code")


@pytest.mark.parametrize(
    ("state", "current", "careful"),
    [
        ("submitted", "Submitted", True),
        ("under_review", "Under Review", True),
        ("approved", "Approved", False),
        ("withdrawn", "Withdrawn", True),
    ],
)
def test_the_state_of_review_is_what_it_is(state: str, current: str, careful: bool) -> None:
    page = read(render_html(replace(WHOLE, review=replace(WHOLE.review, state=state))))
    steps = page.named("stepper")[0].all("li")
    assert [squeezed(li.text) for li in steps if "aria-current" in li.attrs] == [f"{current}now"]
    assert bool(page.named("caution")) is careful
    assert bool(page.named("approved")) is (state == "approved")


def test_few_readings_lie_open_and_many_are_folded() -> None:
    few = read(render_html(WHOLE)).named("fork")
    many = read(render_html(replace(WHOLE, forks=WHOLE.forks * 3))).named("fork")
    assert all("open" in fork.all("details")[0].attrs for fork in few)
    assert not any("open" in fork.all("details")[0].attrs for fork in many)


# --- look ------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def themes() -> list[dict[str, str]]:
    """The colours in the light, in the dark and on paper."""
    blocks = re.split(r"@media", (TEMPLATES / "tokens.css").read_text("utf-8"))
    base, *others = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    return [base, *({**base, **other} for other in others)]


def test_text_has_a_contrast_of_seven_to_one_in_every_theme() -> None:
    grounds = ("paper", "raised-paper", "accent-tint", "mark", "amber-tint", "red-tint")
    assert len(themes()) == 3
    for theme in themes():
        for ink in ("ink", "soft-ink", "accent", "amber", "red", "green"):
            for ground in grounds:
                assert contrast(theme[ink], theme[ground]) >= 7, (ink, ground)
        assert all(contrast(theme["edge"], theme[ground]) >= 3 for ground in ("paper", "raised-paper"))


def test_tokens_hold_every_colour_and_length() -> None:
    tokens, sheet = ((TEMPLATES / name).read_text("utf-8") for name in ("tokens.css", "article.css"))
    rules = re.sub(r"@media[^{]*", "", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl", rules) == []
    assert re.findall(r"\b[\d.]+(?:px|rem|pt|mm|cm)\b", rules) == []
    defined = set(re.findall(r"(--[\w-]+):", tokens))
    used = set(re.findall(r"var\((--[\w-]+)\)", tokens + sheet))
    assert used == defined


def test_every_template_ships_with_the_package() -> None:
    names = {path.name for path in Path(TEMPLATES).iterdir()}
    assert {"article.html.j2", "parts.html.j2", "article.css", "tokens.css"} <= names


def test_the_sources_are_drawn_when_there_are_enough(real: Article) -> None:
    assert render_sources_svg(WHOLE.references) == ""
    svg = render_sources_svg(real.references)
    dated = [reference for reference in real.references if reference.year is not None]
    assert svg.count("<circle") == len(dated)
    old = sum(reference.status is not SourceState.CURRENT for reference in dated)
    assert sum(path.count("M") for path in re.findall(r'class="es-old" d="([^"]+)"', svg)) == old
    assert describe(WHOLE.references) == (
        "Guidelines: 1, 2022. Randomised trials: 1, 2014, the largest with 31 people, 1 no longer current."
    )
