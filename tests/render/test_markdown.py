"""Markdown: nothing lost, tables are tables, and no word of an article becomes markup or a link."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from made_articles import HOSTILE, WHOLE, hostile
from markdown_it import MarkdownIt
from markdown_it.token import Token

from vademecum.answer.article import Article, sentences
from vademecum.answer.pipeline import ask
from vademecum.packs.library import Library
from vademecum.render.links import doi_address, pmid_address, web_address
from vademecum.render.markdown import code, escape, render_markdown

REFERENCE_QUESTION = "What is the treatment for severe inflammatory muscle spasms?"
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
EXPECTED_LINKS = {
    "https://doi.org/10.1093/rheumatology/keac115",
    "https://pubmed.ncbi.nlm.nih.gov/29865091/",
    "https://example.org/a_%28b%29?c=1",
}


def tokens(markdown: str) -> Iterator[Token]:
    for token in PARSER.parse(markdown):
        yield token
        yield from token.children or ()


def words_of(markdown: str) -> str:
    """What a reader sees, on one line."""
    seen = (token.content if token.type in {"text", "code_inline"} else " " for token in tokens(markdown))
    return " ".join("".join(seen).replace("\u2060", "").split())


def links(markdown: str) -> set[str]:
    return {str(token.attrs["href"]) for token in tokens(markdown) if token.type == "link_open"}


@pytest.fixture(scope="module", params=["physician", "patient"])
def real(request: pytest.FixtureRequest, library: Library) -> Article:
    return ask(REFERENCE_QUESTION, library, audience=request.param)


@pytest.mark.parametrize("proof", [False, True])
def test_every_sentence_of_a_real_answer_appears(real: Article, proof: bool) -> None:
    seen = words_of(render_markdown(real, proof=proof)).replace(" ", "")
    assert [s.text for s in sentences(real) if "".join(s.text.split()) not in seen] == []


def test_every_reference_is_listed_under_its_own_number(real: Article) -> None:
    markdown = render_markdown(real)
    body, _, references = markdown.partition("\n## References\n")
    listed = [int(number) for number in re.findall(r"^(\d+)\. ", references, re.MULTILINE)]
    assert listed == [reference.number for reference in real.references]
    cited = {int(n) for marks in re.findall(r"\\\[(\d[\d,\s]*)\\\]", body) for n in marks.split(",")}
    assert cited == {number for sentence in sentences(real) for number in sentence.citations}
    assert markdown.count("\n## References\n") == 1


def test_the_links_are_those_of_the_references(real: Article) -> None:
    own = {
        address
        for r in real.references
        for address in (doi_address(r.doi), pmid_address(r.pmid), web_address(r.url))
        if address
    }
    assert links(render_markdown(real)) == own


def test_a_whole_article_in_markdown() -> None:
    markdown = render_markdown(WHOLE)
    assert "methotrexate **15\u00a0to\u00a020\u00a0mg/m2** once weekly, at most **40\u00a0mg** per week." in markdown
    for wanted in (
        "> ## Get help now\n>\n> Call your local emergency number.\n\n# Treatment of myositis in adults\n",
        "\n- **Asked:** what helps in severe inflammatory muscle spasm\n",
        "\n> ## Red flags\n>\n> - **!** Weak breathing muscles need same-day assessment. \\[1\\] ○\n",
        "\n- **2\\. Juvenile dermatomyositis (children)**\n",
        '\n  - `vade ask "How is juvenile dermatomyositis treated?"`\n',
        "\n> **Grade:** ●●●○ (strong recommendation, moderate certainty (mapped); BSR 1B)\n",
        "\n### Step 1. Start a glucocorticoid (first line)\n",
        "\n- **✗ Avoid: Low-dose warfarin**\n  - A small trial was unfavourable. \\[1\\] ○\n",
        "\n**If this fails:** step 2, Reconsider the diagnosis\n",
        "\n| What | When | Target | If abnormal |\n| --- | --- | --- | --- |\n",
        "\n### Methotrexate\n\n**Boxed warning:** Fatal toxicity has occurred. \\[1\\] ○\n\n**Do not use:** ",
        "[doi:10.1093/rheumatology/keac115](https://doi.org/10.1093/rheumatology/keac115)",
        "EXPRESSION OF CONCERN (Under inquiry)",
    ):
        assert wanted in markdown.replace("\u00a0", " "), wanted
    assert links(markdown) == EXPECTED_LINKS


def test_tables_are_tables() -> None:
    kinds = [token.type for token in tokens(render_markdown(WHOLE))]
    assert kinds.count("table_open") == 1
    assert kinds.count("th_open") == 4
    assert kinds.count("td_open") == 8


def test_lists_nest_and_references_count_from_one() -> None:
    for token in tokens(render_markdown(WHOLE)):
        if token.type == "ordered_list_open":
            assert token.attrs.get("start", 1) == 1
    assert sum(token.type == "ordered_list_open" for token in tokens(render_markdown(WHOLE))) == 1


@pytest.mark.parametrize("proof", [False, True])
def test_hostile_words_are_inert(proof: bool) -> None:
    markdown = render_markdown(hostile(WHOLE), proof=proof)
    kinds = {token.type for token in tokens(markdown)}
    assert not kinds & {"html_block", "html_inline", "image", "fence", "code_block", "s_open", "hr"}
    assert not any("evil" in address or ":" in address.partition("://")[2] for address in links(markdown))
    assert links(markdown) <= EXPECTED_LINKS
    clean = [token.type for token in tokens(render_markdown(WHOLE, proof=proof))]
    spoilt = [token.type for token in tokens(markdown)]
    for kind in ("heading_open", "table_open", "td_open", "bullet_list_open", "list_item_open", "blockquote_open"):
        assert spoilt.count(kind) == clean.count(kind), kind
    assert {t.tag for t in tokens(markdown) if t.type == "heading_open"} <= {"h1", "h2", "h3"}


def test_hostile_words_are_still_there_to_read() -> None:
    seen = words_of(render_markdown(hostile(WHOLE)))
    for words in ("<script>alert(1)</script>", "[x](javascript:alert(1))", "a|b $x$ &amp;", "~~s~~", "**b** _i_"):
        assert words in seen


def test_nothing_outside_a_link_looks_like_an_address_or_a_mention() -> None:
    """Readers of GitHub-flavoured Markdown link bare addresses, e-mail addresses, mentions and issue numbers."""
    markdown = re.sub(r"(`+).*?\1", "", render_markdown(hostile(WHOLE)))
    bare = re.sub(r"\]\(https?://[^\s()]*\)", "]", markdown)
    assert re.findall(r"https?://|www\.\w|\w@\w|(?<!\w)@\w|(?<!\w)#\d|mailto:", bare) == []


@pytest.mark.parametrize(
    "text",
    ["# a", "- a", "+ a", "* a", "1. a", "12) a", "> a", "===", "---", "| a |", "    a", "\ta", "[a]: b", "~~~", "```"],
)
def test_the_start_of_a_text_starts_no_block(text: str) -> None:
    assert [token.type for token in PARSER.parse(escape(text))] == ["paragraph_open", "inline", "paragraph_close"]
    assert PARSER.parse(f"before\n{escape(text)}")[0].type == "paragraph_open"


@pytest.mark.parametrize("text", ["a`b", "``", "`", "a``` b `", HOSTILE])
def test_a_code_span_holds_any_text(text: str) -> None:
    (inline,) = (token for token in PARSER.parse(code(text)) if token.type == "inline")
    assert [child.type for child in inline.children or ()] == ["code_inline"]


def test_the_same_article_gives_the_same_text(real: Article) -> None:
    assert render_markdown(real) == render_markdown(real)


def test_proofs_follow_their_sentences() -> None:
    assert "_Proof: jdm-002; supported; passed: sources, numbers and units_" in render_markdown(WHOLE, proof=True)
    assert "Proof:" not in render_markdown(WHOLE)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/a(b)", "https://example.org/a%28b%29"),
        ("http://example.org/?q=1&r=2#x", "http://example.org/?q=1&r=2#x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.org/", None),
        ("//example.org/", None),
        ("https://user:pass@example.org/", None),
        ("https://exa mple.org/", None),
        ("https://example.org/\x00", None),
        ("https://[bad", None),
        ("https:///path", None),
        (None, None),
    ],
)
def test_only_plain_web_addresses_are_linked(url: str | None, address: str | None) -> None:
    assert web_address(url) == address


def test_identifiers_are_linked_only_when_they_are_identifiers() -> None:
    assert doi_address("10.1002/(SICI)1097-0258") == "https://doi.org/10.1002/%28SICI%291097-0258"
    assert doi_address("javascript:alert(1)") is None
    assert doi_address("10.1/x y") is None
    assert pmid_address("29865091/../evil") is None
