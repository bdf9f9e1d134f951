"""The picture of the pathway: nothing lost, nothing on top of anything else, no text outside its box."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_articles import HOSTILE, WHOLE, hostile

from vademecum.answer.article import PathwayOption, PathwayStep
from vademecum.answer.pipeline import ask
from vademecum.packs.library import Library
from vademecum.render.pathway_svg import render_pathway_svg, step_anchor, wrap

SVG = "{http://www.w3.org/2000/svg}"
QUESTIONS = ("What is the treatment for severe inflammatory muscle spasms?", "How is tetanus treated?")

# Advance widths of Helvetica in thousandths of the size, from the space to the tilde: not the estimate under test.
HELVETICA = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
BOLD = 1.06


def helvetica(text: str, size: float, bold: bool) -> float:
    units = sum(HELVETICA[ord(c) - 32] if 32 <= ord(c) < 127 else 278 if c == "\u00a0" else 600 for c in text)
    return units * size / 1000 * (BOLD if bold else 1)


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    right: float
    bottom: float

    def holds(self, other: Rect) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right + 0.1
            and other.bottom <= self.bottom + 0.1
        )

    def touches(self, other: Rect) -> bool:
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def rect(element: ET.Element) -> Rect:
    x, y, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
    return Rect(x, y, x + width, y + height)


def view(root: ET.Element) -> Rect:
    return Rect(*map(float, root.attrib["viewBox"].split()))


def boxes(root: ET.Element) -> dict[str, tuple[Rect, ET.Element]]:
    """Each link with its box."""
    found = {}
    for link in root.iter(f"{SVG}a"):
        box = link.find(f"{SVG}rect")
        assert box is not None
        found[link.attrib["href"].removeprefix("#")] = rect(box), link
    return found


def set_text(element: ET.Element) -> Rect:
    """Where a text stands, by the widths of Helvetica."""
    size = float(element.get("font-size", "12.5"))
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    width = helvetica("".join(element.itertext()), size, element.get("font-weight") == "700")
    return Rect(x, y - size * 0.75, x + width, y + size * 0.22)


def stretches(root: ET.Element) -> Iterator[Rect]:
    """The straight pieces of every arrow, without the last: that one ends at its box."""
    for path in root.iter(f"{SVG}path"):
        if path.get("class") != "pw-line":
            continue
        points = [tuple(map(float, pair.split())) for pair in path.attrib["d"].removeprefix("M").split("L")]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            yield Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def said(link: ET.Element) -> str:
    """What stands in a box, lines joined."""
    return " ".join("".join(text.itertext()) for text in link.iter(f"{SVG}text")).replace("\u00a0", " ")


def squeezed(text: str) -> str:
    return "".join(text.split())


TEXT = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=60),
    st.sampled_from(
        ["Methotrexate 15 to 20 mg/m2 once weekly", "Immunoglobulin", HOSTILE, "W" * 70, "若年性皮膚筋炎の治療"]
    ),
)
LINES = st.sampled_from(["immediate", "first", "add_on", "second", "refractory", "maintenance", "branch", "unheard-of"])


@st.composite
def pathways(draw: st.DrawFn) -> tuple[PathwayStep, ...]:
    count = draw(st.integers(1, 20))
    ids = [f"step {n}" for n in range(count)]
    goal = st.one_of(st.none(), st.sampled_from(ids))
    return tuple(
        PathwayStep(
            id=name,
            number=number,
            title=draw(TEXT),
            line=draw(LINES),
            applies_if=draw(TEXT),
            options=tuple(
                PathwayOption(id=f"{name}-{at}", label=draw(TEXT), avoid=draw(st.booleans()))
                for at in range(draw(st.integers(0, 4)))
            ),
            choose=draw(st.sampled_from(["one", "one_unranked", "any", "all", "unheard-of"])),
            if_fails=draw(goal),
            after=draw(goal),
        )
        for number, name in enumerate(ids, start=1)
    )


@pytest.mark.parametrize("narrow", [False, True])
@given(pathway=pathways())
@settings(deadline=None, max_examples=60)
def test_any_pathway_is_drawn_whole_and_without_overlap(pathway: tuple[PathwayStep, ...], narrow: bool) -> None:
    root = parsed(render_pathway_svg(pathway, narrow=narrow))
    found = boxes(root)
    assert sorted(found) == sorted(step_anchor(step.id) for step in pathway)
    assert all(view(root).holds(box) for box, _ in found.values())
    assert not any(a.touches(b) for (a, _), (b, _) in itertools.combinations(found.values(), 2))
    inside = [Rect(b.x + 1, b.y + 1, b.right - 1, b.bottom - 1) for b, _ in found.values()]
    assert not any(box.touches(stretch) for stretch in stretches(root) for box in inside)
    assert all(view(root).holds(stretch) for stretch in stretches(root))


@pytest.fixture(params=QUESTIONS)
def pathway(request: pytest.FixtureRequest, library: Library) -> tuple[PathwayStep, ...]:
    return ask(request.param, library).pathway


@pytest.mark.parametrize("narrow", [False, True])
def test_text_stays_inside_its_box(pathway: tuple[PathwayStep, ...], narrow: bool) -> None:
    root = parsed(render_pathway_svg(pathway, narrow=narrow))
    outside = [
        "".join(text.itertext())
        for box, link in boxes(root).values()
        for text in link.iter(f"{SVG}text")
        if not box.holds(set_text(text))
    ]
    assert outside == []


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("label", ["W" * 90, "Pneumonoultramicroscopicsilicovolcanoconiosis" * 2, HOSTILE, "n-" * 60])
def test_even_an_endless_word_stays_inside_its_box(label: str, narrow: bool) -> None:
    step = PathwayStep(
        id="a",
        number=1,
        title=label,
        line="first",
        applies_if=label,
        options=(PathwayOption(id="o", label=label), PathwayOption(id="p", label=label, avoid=True)),
        choose="one",
    )
    for box, link in boxes(parsed(render_pathway_svg((step,), narrow=narrow))).values():
        assert all(box.holds(set_text(text)) for text in link.iter(f"{SVG}text"))


@pytest.mark.parametrize("narrow", [False, True])
def test_nothing_of_a_step_is_left_out(pathway: tuple[PathwayStep, ...], narrow: bool) -> None:
    found = boxes(parsed(render_pathway_svg(pathway, narrow=narrow)))
    for step in pathway:
        shown = squeezed(said(found[step_anchor(step.id)][1]))
        for text in (step.title, step.applies_if, *(option.label for option in step.options)):
            assert squeezed(text) in shown


def test_options_to_avoid_are_struck_out_and_say_so() -> None:
    root = parsed(render_pathway_svg(WHOLE.pathway))
    struck = [t for t in root.iter(f"{SVG}tspan") if t.get("text-decoration") == "line-through"]
    assert ["".join(t.itertext()) for t in struck] == ["Low-dose warfarin"]
    assert "Avoid: Low-dose warfarin" in said(boxes(root)["step-one"][1])


def test_arrows_for_failure_are_dashed_and_labelled(pathway: tuple[PathwayStep, ...]) -> None:
    root = parsed(render_pathway_svg(pathway))
    expected = sum(step.if_fails is not None for step in pathway)
    dashed = [p for p in root.iter(f"{SVG}path") if p.get("stroke-dasharray")]
    labels = [t for t in root.findall(f"{SVG}text") if "".join(t.itertext()) == "if this fails"]
    assert len(dashed) == len(labels) == expected > 0


def test_branches_stand_beside_the_main_line(pathway: tuple[PathwayStep, ...]) -> None:
    found = boxes(parsed(render_pathway_svg(pathway)))
    trunk = [found[step_anchor(step.id)][0] for step in pathway if step.line != "branch"]
    beside = [found[step_anchor(step.id)][0] for step in pathway if step.line == "branch"]
    assert beside
    assert min(box.x for box in beside) > max(box.right for box in trunk)


def test_a_step_stands_below_what_it_follows(pathway: tuple[PathwayStep, ...]) -> None:
    found = {step.id: boxes(parsed(render_pathway_svg(pathway)))[step_anchor(step.id)][0] for step in pathway}
    assert all(found[step.after].bottom < found[step.id].y for step in pathway if step.after in found)


def test_the_picture_has_a_name_and_a_description_in_words() -> None:
    root = parsed(render_pathway_svg(WHOLE.pathway))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.attrib["aria-labelledby"] == title.attrib["id"]
    assert root.attrib["aria-describedby"] == description.attrib["id"]
    assert description.text == (
        "Step 1, first line: Start a glucocorticoid. If: Active muscle inflammation. "
        "Options: Oral prednisolone; Methotrexate; avoid Low-dose warfarin. If this fails: step 2. "
        "Step 2, second line: Reconsider the diagnosis. If: Treatment seems to fail."
    )


def test_an_amount_keeps_its_unit_on_its_line() -> None:
    lines = wrap("Prednisolone 0.5\u00a0to\u00a01\u00a0mg/kg once daily", 12.5, 105)
    assert any("0.5\u00a0to\u00a01\u00a0mg/kg" in line for line in lines)
    step = WHOLE.pathway[0]
    narrow = PathwayStep(
        id="a",
        number=1,
        title="Give methotrexate 15 to 20 mg/m2 once weekly, then 15 to 20 mg/m2 again, at most 40 mg per week",
        line=step.line,
        applies_if="x",
        options=(),
        choose="any",
    )
    texts = ["".join(text.itertext()) for text in parsed(render_pathway_svg((narrow,), narrow=True)).iter(f"{SVG}text")]
    assert sum("15\u00a0to\u00a020\u00a0mg/m2" in text for text in texts) == 2


def test_hostile_words_are_only_words() -> None:
    svg = render_pathway_svg(hostile(WHOLE).pathway)
    root = parsed(svg)
    allowed = {f"{SVG}{name}" for name in ("svg", "title", "desc", "path", "text", "tspan", "a", "rect")}
    assert {element.tag for element in root.iter()} <= allowed
    assert all(re.fullmatch(r"#step-[\w-]+", link.attrib["href"]) for link in root.iter(f"{SVG}a"))


def test_different_ids_have_different_anchors() -> None:
    ids = ("a b", "a_b", "a.b", "a-b", "a_20_b", "ab", "a\u00e9b")
    assert len({step_anchor(name) for name in ids}) == len(ids)
    assert all(re.fullmatch(r"step-[A-Za-z0-9_-]+", step_anchor(name)) for name in ids)


def test_no_steps_no_picture_and_the_same_steps_the_same_picture() -> None:
    assert render_pathway_svg(()) == ""
    assert render_pathway_svg(WHOLE.pathway) == render_pathway_svg(WHOLE.pathway)
