"""Full text in JATS: what the article says of itself, its sections, and what must not be lost or made up in them."""

from __future__ import annotations

import pytest
from xml_samples import article, expected, read, sample, text

from vademecum.literature.formats import jats
from vademecum.literature.formats.text import IMAGE
from vademecum.literature.records import Identifiers, Link, LinkKind, RecordKind, Section

SAMPLES = ["1471-2180-11-174.nxml", "ehp-116-1694.nxml", "pntd.0002065.nxml", "pone.0046493.nxml"]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_article_agrees_with_what_is_known_of_it(name: str) -> None:
    (record,) = jats.read(sample(f"jats/{name}"))
    facts = expected(f"jats/{name}")
    assert record.kind is RecordKind.FULL_TEXT
    assert record.ids == Identifiers(
        pmid=facts["ids"]["pmid"], pmcid=f"PMC{facts['ids']['pmc']}", doi=facts["ids"]["doi"].lower()
    )
    assert (record.title, record.journal) == (facts["title"], facts["journal"])
    assert (record.references, record.tables, record.figures) == (
        facts["references"],
        facts["tables"],
        facts["figures"],
    )
    tops = list(dict.fromkeys(section.path[0] for section in record.sections if section.path))
    assert [top for top in tops if top in facts["top_level_sections"]] == facts["top_level_sections"]
    abstract = [section.text for section in record.sections if section.path[:1] == ("Abstract",)]
    assert sum(map(len, abstract)) == pytest.approx(facts["abstract_chars"], abs=60)


def test_every_value_of_a_real_table_keeps_its_headings() -> None:
    (record,) = jats.read(sample("jats/pntd.0002065.nxml"))
    table = next(section for section in record.sections if section.path[-1].startswith("Table 1 "))
    assert table.path[:2] == ("Results", "Cross-sectional surveys")
    assert (
        "District: Mocuba — Goats › n: 59; Goats › Seroprevalence (%): 0.0[a]; Goats › 95% C.I.: 0.0, 4.9; "
        "Sheep › n: 181; Sheep › Seroprevalence (%): 13.8[a]; Sheep › 95% C.I.: 9.5, 19.7"
    ) in table.text.splitlines()


def test_bibliographic_fields() -> None:
    meta = (
        "<article-id pub-id-type='pmc'>PMC12</article-id><article-id pub-id-type='doi'>10.1/ABC</article-id>"
        "<article-categories><subj-group subj-group-type='heading'><subject>Clinical Trial</subject></subj-group>"
        "<subj-group><subject>Rheumatology</subject></subj-group></article-categories>"
        "<title-group><article-title>A <italic>trial</italic> of 10<sup>3</sup><xref ref-type='fn'>*</xref>"
        "</article-title></title-group>"
        "<contrib-group><contrib contrib-type='author'><name><surname>Van der Berg</surname><given-names>Anna M."
        "</given-names></name></contrib><contrib contrib-type='author'><name><surname>Li</surname>"
        "<given-names>Jean-Pierre</given-names></name></contrib><contrib contrib-type='author'>"
        "<collab>The Group<contrib-group><contrib><name><surname>Inner</surname></name></contrib></contrib-group>"
        "</collab></contrib><contrib contrib-type='editor'><name><surname>Nobody</surname></name></contrib>"
        "</contrib-group>"
        "<pub-date pub-type='ppub'><year>2014</year></pub-date><pub-date pub-type='epub'><year>2013</year></pub-date>"
        "<pub-date pub-type='pmc-release'><year>2012</year></pub-date>"
        "<volume>7</volume><issue>2</issue><fpage>10</fpage><lpage>19</lpage>"
        "<kwd-group><kwd>myositis</kwd></kwd-group>"
        "<funding-group><award-group><funding-source><institution-wrap><institution>NIH</institution>"
        "<institution-id>10.13039/1</institution-id></institution-wrap></funding-source></award-group>"
        "<funding-statement>Paid by the NIH.</funding-statement></funding-group>"
    )
    record = article("<p>Text.</p>", meta=meta, attributes="article-type='research-article' xml:lang='en'")
    assert record.title == "A trial of 10³"
    assert record.ids == Identifiers(pmcid="PMC12", doi="10.1/abc")
    assert record.authors[:2] == ("Van der Berg AM", "Li JP")
    assert "The Group" in record.authors
    assert "Nobody" not in record.authors
    assert (record.year, record.volume, record.issue, record.pages) == (2013, "7", "2", "10-19")
    assert record.publication_types == ("research-article", "Clinical Trial")
    assert record.keywords == ("myositis", "Rheumatology")
    assert record.funding == ("NIH", "Paid by the NIH.")
    assert record.language == "eng"


def test_an_article_without_public_ids_keeps_the_publishers_own() -> None:
    record = article("<p>x</p>", meta="<article-id pub-id-type='publisher-id'>A-1</article-id>")
    assert record.ids == Identifiers(other="A-1")
    assert [flag.code for flag in record.flags] == ["no-title"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("retracted-article", LinkKind.RETRACTION_OF),
        ("retraction-forward", LinkKind.RETRACTED_BY),
        ("object-of-concern", LinkKind.CONCERN_ABOUT),
        ("corrected-article", LinkKind.CORRECTION_TO),
        ("correction-forward", LinkKind.CORRECTED_BY),
    ],
)
def test_related_articles_become_links(said: str, kind: LinkKind) -> None:
    related = (
        f"<related-article related-article-type='{said}' ext-link-type='doi' xlink:href='https://doi.org/10.1/X'/>"
    )
    record = article("<p>x</p>", meta=related)
    assert record.links == (Link(kind=kind, doi="10.1/x"),)
    assert ("retracted" in [flag.code for flag in record.flags]) is (kind is LinkKind.RETRACTED_BY)


def test_a_title_that_says_retracted_is_a_retraction_even_without_a_link() -> None:
    meta = "<title-group><article-title>RETRACTED: A trial</article-title></title-group>"
    assert [link.kind for link in article("<p>x</p>", meta=meta).links] == [LinkKind.RETRACTED_BY]
    for title in ("Retracted placentas: a review", "Retracted-flap surgery"):
        meta = f"<title-group><article-title>{title}</article-title></title-group>"
        assert article("<p>x</p>", meta=meta).links == ()


def test_sections_carry_their_headings_and_stay_in_order() -> None:
    record = article(
        "<p>Before.</p><sec><title>Methods</title><p>One.</p><p>Two.</p>"
        "<sec><label>2.1</label><title>Dose</title><p>Three.</p></sec></sec>"
        "<sec><title>Nothing but a title</title></sec>",
        meta="<abstract><sec><title>Aim</title><p>Why.</p></sec></abstract>"
        "<abstract abstract-type='graphical'><p>Picture.</p></abstract>",
        back="<ack><p>Thanks.</p></ack><ref-list><ref><mixed-citation>Not text 5 mg</mixed-citation></ref></ref-list>",
    )
    assert record.sections == (
        Section("Why.", path=("Abstract", "Aim")),
        Section("Picture.", path=("Graphical abstract",)),
        Section("Before."),
        Section("One.\nTwo.", path=("Methods",)),
        Section("Three.", path=("Methods", "2.1 Dose")),
        Section("Nothing but a title"),
        Section("Thanks.", path=("Acknowledgments",)),
    )
    assert record.references == 1


def test_lists_are_lines() -> None:
    record = article(
        "<p>Give: <list list-type='order'><list-item><p>5 mg</p></list-item><list-item><p>10 mg</p>"
        "<list><list-item><p>slowly</p></list-item></list></list-item></list> then stop.</p>"
        "<def-list><def-item><term>OR</term><def><p>odds ratio</p></def></def-item></def-list>"
    )
    assert text(record).splitlines() == ["Give:", "1. 5 mg", "2. 10 mg", "- slowly", "then stop.", "OR: odds ratio"]


def test_boxes_figures_and_tables_are_sections_after_the_text_they_stand_in() -> None:
    record = article(
        "<sec><title>Results</title><p>Seen <fig><label>Figure 1</label><caption><title>Risk.</title>"
        "<p>Bars: 95% CI.</p></caption></fig>in all.</p><boxed-text><caption><title>Key point</title></caption>"
        "<p>Stop at 5 mg.</p></boxed-text><table-wrap><label>Table 1</label><caption><title>Doses</title></caption>"
        "<table><thead><tr><th>Drug</th><th>Dose</th></tr></thead><tbody><tr><td>A</td>"
        "<td>5 mg<xref ref-type='table-fn'>a</xref></td></tr></tbody></table>"
        "<table-wrap-foot><fn><label>a</label><p>Once.</p></fn></table-wrap-foot></table-wrap></sec>"
    )
    assert record.sections == (
        Section("Seen in all.", path=("Results",)),
        Section("Bars: 95% CI.", path=("Results", "Figure 1 Risk.")),
        Section("Stop at 5 mg.", path=("Results", "Key point")),
        Section("Drug: A — Dose: 5 mg[a]\na: Once.", path=("Results", "Table 1 Doses")),
    )
    assert (record.tables, record.figures) == (1, 1)


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("10 mg<sup><xref ref-type='bibr'>12</xref></sup>.", "10 mg[12]."),
        ("10 mg<xref ref-type='bibr'><sup>12</sup></xref>.", "10 mg[12]."),
        ("10 mg<xref ref-type='bibr'>12</xref>.", "10 mg[12]."),
        (
            "10<sup><xref ref-type='bibr'>1</xref>,<xref ref-type='bibr'>4</xref>–<xref ref-type='bibr'>6</xref></sup>",
            "10[1,4–6]",
        ),
        ("1.5 mg/m<sup>2,<xref ref-type='bibr'>12</xref></sup>", "1.5 mg/m²[12]"),
        ("5 days [<xref ref-type='bibr'>1</xref>,<xref ref-type='bibr'>2</xref>]", "5 days [1,2]"),
        ("10 mg<xref ref-type='bibr'>12–14</xref>.", "10 mg[12–14]."),
        ("10 mg <xref ref-type='bibr'>12</xref> daily", "10 mg [12] daily"),
        ("10<sup><italic><xref ref-type='bibr'>12</xref></italic></sup>", "10[12]"),
        ("(5 mg, <xref ref-type='bibr'>12</xref>)", "(5 mg, [12])"),
        ("(<xref ref-type='bibr'>12</xref>; <xref ref-type='bibr'>13</xref>)", "(12; 13)"),
        ("(<xref ref-type='bibr'>Smith 2003</xref>)", "(Smith 2003)"),
        ("see <xref ref-type='fig'>Figure 2</xref>A", "see Figure 2A"),
        ("10<sup>9</sup>/L", "10⁹/L"),
        ("7.6<xref ref-type='table-fn'><sup>b</sup></xref>", "7.6[b]"),
    ],
)
def test_a_citation_mark_never_fuses_with_a_number(markup: str, said: str) -> None:
    assert text(article(f"<p>{markup}</p>")) == said


def test_marks_and_set_text_keep_the_signs_of_undeclared_entities() -> None:
    body = "<p>5<xref ref-type='fn'>&dagger;</xref></p><preformat>a &le;\n  b</preformat>"
    (record,) = read(jats.read, f"<!DOCTYPE article SYSTEM 'x.dtd'><article><body>{body}</body></article>")
    assert text(record) == "5[†]\na ≤\n  b"


def test_a_footnote_inside_a_sentence_follows_it() -> None:
    record = article("<p>Give 5 mg<fn><label>1</label><p>Not 50.</p></fn> daily.</p>")
    assert text(record) == "Give 5 mg[1] daily.\n1: Not 50."


def test_formulas_are_text_and_pictures_of_formulas_are_flagged() -> None:
    power = "<mml:math><mml:msup><mml:mn>10</mml:mn><mml:mn>9</mml:mn></mml:msup></mml:math>"
    formula = f"<disp-formula>{power}<label>(1)</label></disp-formula>"
    record = article(
        f"<p>At {formula} we stop.</p>{formula}<p>Above <inline-formula><inline-graphic/></inline-formula></p>"
    )
    assert text(record).splitlines() == ["At 10⁹ (1) we stop.", "10⁹ (1)", f"Above {IMAGE}"]
    assert "image-for-text" in [flag.code for flag in record.flags]


def test_what_cannot_be_read_of_a_table_is_flagged() -> None:
    picture = "<table-wrap><label>Table 1</label><graphic/></table-wrap>"
    rows = "<tr><td>A</td><td>1</td><td>2</td></tr><tr><td>B</td><td>3</td><td>4</td></tr>"
    bare = f"<table-wrap><table>{rows}</table></table-wrap>"
    codes = [flag.code for flag in article(picture + bare).flags]
    assert codes == ["no-title", "table-without-headings", "table-not-read"]


def test_a_notice_is_flagged_as_one() -> None:
    record = article("<p>x</p>", attributes="article-type='correction'")
    assert [flag.code for flag in record.flags] == ["no-title", "notice"]


def test_text_that_a_reader_does_not_see_is_left_out() -> None:
    record = article(
        "<p>Seen<index-term><term>index</term></index-term>.</p><fig><label>Figure 1</label>"
        "<caption><p>Curve.</p></caption><alt-text>hidden</alt-text><long-desc>hidden</long-desc></fig>"
    )
    assert text(record) == "Seen.\n\nCurve."


def test_attached_reviews_and_translations_are_left_out_and_told() -> None:
    (record,) = read(
        jats.read,
        "<article><body><p>Own.</p></body><sub-article><body><p>Foreign.</p></body></sub-article></article>",
    )
    assert text(record) == "Own."
    assert "attached-parts" in [flag.code for flag in record.flags]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("<pmc-articleset>", "</pmc-articleset>"),
        ("<OAI xmlns='urn:oai'><record xmlns='https://jats.nlm.nih.gov/ns/archiving/1.3/'>", "</record></OAI>"),
    ],
)
def test_sets_of_articles_are_read_in_any_namespace(start: str, end: str) -> None:
    one = (
        "<article><front><article-meta><article-id pub-id-type='pmid'>{}</article-id></article-meta></front></article>"
    )
    records = read(jats.read, start + "".join(one.format(pmid) for pmid in (1, 2, 3)) + end)
    assert [record.ids.pmid for record in records] == ["1", "2", "3"]
