"""The HTML report: whole, offline, safe against hostile text, the same for the same document."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations, pairwise

import pytest
from latex2mathml.converter import convert
from sympy import Symbol, exp

from proofs_check.broken import scale
from proofs_check.claim import Claim, Rel, le
from proofs_check.domains import Real
from proofs_check.engine import check_ledger
from proofs_check.evidence import Search
from proofs_check.figures.figure import Figure
from proofs_check.loading import Claims, Origin, load_claims
from proofs_check.report.build import build
from proofs_check.report.claim_section import CERTIFICATE, claim_section, witness_table
from proofs_check.report.document import (
    Agreement,
    ControlRow,
    Document,
    Entry,
    EvidenceRow,
    FigureRow,
    Formula,
    GivenRow,
    WitnessRow,
)
from proofs_check.report.formulas import DIGITS, domain_formula, relation_formula, statement_formula
from proofs_check.report.front_page import weakest_links
from proofs_check.report.graph import draw, draw_family, families, family_arrows, statement_arrows
from proofs_check.report.html import _script, render
from proofs_check.report.layout import lay_out
from proofs_check.report.looks import LOOKS
from proofs_check.report.markup import anchor, formula
from proofs_check.report.prose import prose
from proofs_check.report.witness_plot import witness_plot
from proofs_check.verdict import Verdict

VOID = {"meta", "link", "br", "hr", "img", "input"}
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;"


class Page(HTMLParser):
    """Reads a page: its elements, whether they nest, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if len({name for name, _ in attrs}) < len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing, at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def classed(self, word: str) -> list[dict[str, str | None]]:
        return [a for _, a in self.elements if word in (a.get("class") or "").split()]

    @property
    def ids(self) -> list[str]:
        return [i for _, attrs in self.elements if (i := attrs.get("id")) is not None]


def entry(name: str, own: Verdict = Verdict.PROVED, **changes: object) -> Entry:
    """Return a plain claim of paper A."""
    base = Entry(
        id=name,
        kind="statement",
        says="One is at most two.",
        paper="A",
        place="Theorem 1",
        statement=Formula(text="a <= 2", latex=r"a \le 2"),
        given=(
            GivenRow(
                symbol=Formula(text="a", latex="a"),
                domain=Formula(text="a in [0, 1]", latex=r"a \in [0, 1]"),
            ),
        ),
        where=(),
        uses=(),
        steps=(),
        amends=None,
        note="",
        constant=None,
        own=own,
        rolled=own,
        proof=None,
        agreement=Agreement.SAME,
        recorded_own=own,
        recorded_rolled=own,
        evidence=(evidence(own),),
        controls=(ControlRow(variant="rhs times 1/4", verdict=Verdict.REFUTED, witness=WITNESS),),
        seconds=0.25,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


WITNESS = WitnessRow(
    values={"a": "2/3", "X": ("1", "3/2")}, lhs="0.66", rhs="0.5", hypotheses=(), bits=64
)


def evidence(verdict: Verdict, **changes: object) -> EvidenceRow:
    base = EvidenceRow(
        method="search",
        verdict=verdict,
        counted=verdict,
        detail="255 points",
        certificate={"points": 255},
        witness=WITNESS if verdict is Verdict.REFUTED else None,
        rests_on=(),
        toothless=(),
        seconds=0.1,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def document(*entries: Entry) -> Document:
    return Document(
        version="0.1.0",
        libraries={"python": "3.11"},
        papers={"A": "Somebody: A title (version 1)"},
        profile="quick",
        seed=0,
        seconds=1.5,
        entries=entries,
    )


@pytest.fixture(scope="module")
def chapter() -> Document:
    """A chapter with every verdict, a broken proof, an amendment and shared lemmas."""
    p1, p2 = "A.thm1.P1", "A.thm1.P2"
    return document(
        entry("A.thm1", steps=(p1, p2), proof=Verdict.REFUTED),
        entry(p1, Verdict.REFUTED, kind="step"),
        entry(p2, kind="step", uses=("A.fact.sum",), rolled=Verdict.ARGUED),
        entry("A.fact.sum", Verdict.ARGUED, kind="lemma", place=""),
        entry("A.fact.gap", Verdict.ENCLOSED, kind="lemma", place=""),
        entry("A.cor2", Verdict.REFUTED, uses=("A.thm1",)),
        entry("A.cor2.amended", kind="amended", amends="A.cor2", uses=("A.fact.sum", "A.thm1")),
        entry("A.eq3", Verdict.SUPPORTED),
        entry("A.eq4", Verdict.UNDECIDED, uses=("not.run",)),
        entry("A.eq5", Verdict.VACUOUS),
        entry("A.eq6", Verdict.ERROR),
        entry("mine", paper="a citation", place=""),
    )


def test_elements_nest_and_ids_are_unique(chapter: Document) -> None:
    page = Page(render(chapter))
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))


def test_links_within_the_page_lead_somewhere(chapter: Document) -> None:
    page = Page(render(chapter))
    targets = [a["href"] for tag in ("a", "use") for a in page.all(tag)]
    assert targets
    assert {t for t in targets if t is None or t[1:] not in page.ids} == set()


def test_no_claim_takes_the_place_of_a_part_of_the_page() -> None:
    names = ("main-part", "front-findings", "paper-A", "v-proved", "findings", "A.x")
    page = Page(render(document(*(entry(name) for name in names))))
    assert len(set(page.ids)) == len(page.ids)
    assert {anchor(name) for name in names} == {a["id"] for a in page.all("article")}
    assert all("-" in i for i in set(page.ids) - {anchor(name) for name in names})


def test_every_claim_has_a_section_and_a_node(chapter: Document) -> None:
    page = Page(render(chapter))
    sections = {a.get("id") for a in page.all("article")}
    nodes = {a.get("href") for a in page.classed("node")}
    for e in chapter.entries:
        assert anchor(e.id) in sections
        assert f"#{anchor(e.id)}" in nodes


def test_a_node_says_both_verdicts_in_words(chapter: Document) -> None:
    family = [e for e in chapter.entries if e.id.startswith("A.thm1")]
    page = Page(draw_family(chapter, family))
    tags = [tag for tag, _ in page.elements]
    node = page.elements.index(("a", next(a for a in page.classed("node") if "P2" in str(a))))
    # a title that comes first names the link
    assert tags[node + 1] == "title"
    said = next(w for w in page.words if w.startswith("A.thm1.P2, step"))
    assert "own verdict PROVED, rolled up ARGUED" in said


def test_own_and_rolled_verdict_are_drawn_apart() -> None:
    page = Page(draw(document(entry("A.x", rolled=Verdict.ARGUED)), "A"))
    (own,), (node,) = page.classed("own"), page.classed("node")
    assert own["class"] == "own v-proved"
    assert node["class"] == "node statement tall v-argued"
    assert [a["href"] for a in page.all("use")] == ["#d-v-proved", "#d-v-argued"]


def test_arrows_of_a_family_are_what_its_claims_rest_on(chapter: Document) -> None:
    group = families(chapter, "A")["A.thm1"]
    arrows = family_arrows(chapter, group)
    assert set(arrows) == {
        ("A.thm1", "A.thm1.P1"),
        ("A.thm1", "A.thm1.P2"),
        ("A.thm1.P2", "A.fact.sum"),
    }
    assert len(Page(draw_family(chapter, group)).classed("arrow")) == len(arrows)


def test_arrows_between_statements_pass_through_helpers() -> None:
    doc = document(
        entry("A.top", uses=("A.top.P1",)),
        entry("A.top.P1", kind="step", uses=("A.low",)),
        entry("A.low", uses=("A.lowest",)),
        entry("A.lowest"),
    )
    assert statement_arrows(doc, "A") == [("A.top", "A.low"), ("A.low", "A.lowest")]
    assert len(Page(draw(doc, "A")).classed("arrow")) == 2


def test_what_an_arrow_implies_is_not_drawn_again() -> None:
    doc = document(
        entry("A.top", uses=("A.low", "A.lowest")),
        entry("A.low", uses=("A.lowest",)),
        entry("A.lowest"),
    )
    assert statement_arrows(doc, "A") == [("A.top", "A.low"), ("A.low", "A.lowest")]
    assert len(Page(draw(doc, "A")).classed("arrow")) == 2


def test_nothing_is_fetched_and_only_the_script_of_the_report_runs(chapter: Document) -> None:
    source = render(chapter)
    page = Page(source)
    for _, attrs in page.elements:
        for name in ("src", "href", "xlink:href", "data", "action", "poster", "srcset"):
            assert (attrs.get(name) or "#").startswith("#")
        assert not [name for name in attrs if name.startswith("on")]
    assert page.all("script") == [{}]
    assert source.count(_script()) == 1
    assert not re.search(r"https?:|import|fetch|XMLHttp|eval|innerHTML", _script())
    assert not page.all("link")
    assert "url(" not in source
    assert "@import" not in source


def test_hostile_text_stays_text() -> None:
    shown = Formula(text=HOSTILE, latex=rf"\text{{{HOSTILE}}}")
    row = evidence(
        Verdict.REFUTED,
        method=HOSTILE,
        detail=HOSTILE,
        certificate={HOSTILE: [HOSTILE]},
        rests_on=(HOSTILE.replace(" ", ""),),
        toothless=(HOSTILE,),
        witness=WitnessRow(
            values={HOSTILE: HOSTILE, "X": (HOSTILE,)},
            lhs=HOSTILE,
            rhs=HOSTILE,
            hypotheses=(HOSTILE,),
            bits=0,
        ),
    )
    bad = entry(
        HOSTILE.replace(" ", ""),
        Verdict.REFUTED,
        kind=HOSTILE,
        says=HOSTILE,
        paper=HOSTILE,
        place=HOSTILE,
        statement=shown,
        given=(GivenRow(symbol=shown, domain=shown),),
        where=(shown,),
        note=HOSTILE,
        steps=("x<y",),
        proof=Verdict.REFUTED,
        agreement=Agreement.DIFFERS,
        evidence=(row,),
        controls=(ControlRow(variant=HOSTILE, verdict=Verdict.PROVED, witness=row.witness),),
    )
    clean = Page(render(document(entry("A.clean"))))
    page = Page(render(replace(document(bad), version=HOSTILE, libraries={HOSTILE: HOSTILE})))
    assert page.faults == []
    assert page.all("script") == [{}]
    assert not page.all("img")
    assert {tag for tag, _ in page.elements} - {"code", "ol"} <= {
        *(tag for tag, _ in clean.elements),
        *("b", "p", "ul", "li", "div", "span", "pre", "h5", "small", "details", "summary"),
    }
    assert HOSTILE in " ".join(page.words)


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{",
        "",
        r"\unknowncommand x",
        r"\text{<script>alert(1)</script>}",
        r"\href{http://example.org}{a}",
        r"\class{a}{b}",
        r"\text{<mi onclick=alert(1)>a</mi>}",
        r"\text{</math>}",
        r"\text{<!-- }",
    ],
)
def test_a_formula_that_cannot_be_typeset_is_shown_as_marked_text(latex: str) -> None:
    shown = formula(Formula(text="a < b", latex=latex))
    assert shown.startswith('<code class="plain" title="')
    assert shown.endswith(">a &lt; b</code>")


def test_a_formula_is_typeset_without_a_word_of_latex() -> None:
    shown = formula(Formula(text="a", latex=r"\arg\min_s \sigma^2 \le 1"), block=True)
    assert shown.startswith('<math display="block">')
    assert "\\" not in shown
    assert Page(shown).faults == []
    assert "\N{GREEK SMALL LETTER SIGMA}" in shown


def test_the_same_document_gives_the_same_page(chapter: Document) -> None:
    first = render(chapter)
    later = replace(
        chapter,
        seconds=99.0,
        entries=tuple(replace(e, seconds=e.seconds + 7) for e in chapter.entries),
    )
    assert render(later) == first


def test_two_hundred_claims_fit_in_three_megabytes() -> None:
    long = {"boxes": [[k, k + 1] for k in range(1000)]}
    rows = tuple(evidence(Verdict.PROVED, certificate=long, method=f"m{k}") for k in range(3))
    control = ControlRow(
        variant="rhs times 101/100",
        verdict=Verdict.REFUTED,
        witness=replace(WITNESS, values={"X": ("1234567/7654321",) * 200}),
    )
    statement = Formula(text="a" * 300, latex=r"\frac{\mu^2 x_i}{\sigma^4} \le " * 12 + "1")
    entries = [
        entry(
            f"A.thm{k // 8}.P{k}",
            statement=statement,
            evidence=rows,
            controls=(control,) * 4,
            uses=tuple(f"A.thm{j // 8}.P{j}" for j in range(max(0, k - 6), k)),
        )
        for k in range(200)
    ]
    assert len(render(document(*entries)).encode()) <= 3_000_000


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_verdict_has_a_look_and_no_two_share_one() -> None:
    assert set(LOOKS) == set(Verdict)
    for a, b in combinations(LOOKS.values(), 2):
        assert a.light != b.light
        assert a.dark != b.dark
        assert a.sign != b.sign
        assert (a.dash, a.width) != (b.dash, b.width)
        for one, other in ((a.light, b.light), (a.dark, b.dark)):
            steps = [abs(int(one[k : k + 2], 16) - int(other[k : k + 2], 16)) for k in (1, 3, 5)]
            # 48 of 256 in some channel is far above what an eye just notices
            assert max(steps) >= 48


def test_verdicts_are_readable_on_light_and_dark_pages() -> None:
    for look in LOOKS.values():
        # 4.5 is what the accessibility guidelines ask of small text
        for page in ("#ffffff", "#fbfaf7", "#f1efe9"):
            assert _contrast(look.light, page) >= 4.5
        for page in ("#101418", "#171c22", "#1f262e", "#0e1116"):
            assert _contrast(look.dark, page) >= 4.5


def test_findings_come_first_and_the_refuted_statement_shows_its_witness(
    chapter: Document,
) -> None:
    source = render(chapter)
    front = source[: source.index("id=front-counts")]
    heads = re.findall("<h3>([^<]*)</h3>", front)
    assert heads == [
        "Checks that crashed",
        "Refuted",
        "Hypotheses that contradict each other",
        "Broken proofs",
        "Weakest links",
        "Weak, with nothing resting on them",
    ]
    refuted = front[front.index("Refuted</h3>") :]
    assert refuted.index("#A.cor2") < refuted.index("#A.thm1.P1")
    assert "0.666667" in refuted
    assert "#A.cor2.amended" in refuted
    assert "the statement stands by other evidence" in front


def test_verdicts_that_changed_or_are_new_are_on_the_front_page() -> None:
    changed = entry("A.x", agreement=Agreement.DIFFERS, recorded_own=Verdict.REFUTED)
    new = entry("A.y", agreement=Agreement.UNRECORDED, recorded_own=None, recorded_rolled=None)
    source = render(document(changed, new))
    front = source[: source.index("id=front-counts")]
    assert "recorded: REFUTED, rolled up PROVED" in front
    assert "Claims without a recorded verdict: 1" in front


def test_a_clean_run_says_so() -> None:
    assert "Nothing failed" in render(document(entry("A.x")))


def test_the_weakest_links_are_those_that_lower_others() -> None:
    doc = document(
        entry("A.top", uses=("A.mid",), rolled=Verdict.ARGUED),
        entry("A.mid", uses=("A.low", "A.fine"), rolled=Verdict.ARGUED),
        entry("A.low", Verdict.ARGUED),
        entry("A.fine", Verdict.ENCLOSED),
    )
    assert weakest_links(doc) == {"A.low": ("A.top", "A.mid")}


def test_a_toothless_yes_and_a_control_that_passed_are_named() -> None:
    row = evidence(Verdict.PROVED, toothless=("no mu",), counted=Verdict.UNDECIDED)
    lost = ControlRow(variant="mu doubled", verdict=Verdict.SUPPORTED, witness=None)
    source = render(document(entry("A.x", evidence=(row,), controls=(lost,))))
    assert "no method refutes mu doubled; search accepts no mu" in source


@pytest.mark.parametrize(
    ("method", "bits", "said"),
    [
        ("search", 64, "certified with 64 bits"),
        ("search", 0, "exact"),
        ("monte carlo", 0, "simulated: a test at the stated level"),
    ],
)
def test_a_witness_says_how_sure_its_failure_is(method: str, bits: int, said: str) -> None:
    row = evidence(Verdict.REFUTED, method=method, witness=replace(WITNESS, bits=bits))
    assert f"<h5>Witness ({said})</h5>" in witness_table(
        entry("A.x", Verdict.REFUTED, evidence=(row,))
    )


@pytest.mark.parametrize(
    ("left", "right", "widths"),
    [
        ("1", "2", ["180", "360"]),
        ("0", "136.9", ["0", "360"]),
        ("-1/2", "1/2", ["180", "180"]),  # both from a zero in the middle
        ("-3", "-1", ["360", "120"]),
    ],
)
def test_both_sides_of_a_witness_are_drawn_to_scale(
    left: str, right: str, widths: list[str]
) -> None:
    page = Page(witness_plot(replace(WITNESS, lhs=left, rhs=right)))
    assert page.faults == []
    assert [a["width"] for a in page.all("rect")] == widths
    assert len(page.all("circle")) == 2


@pytest.mark.parametrize("side", ["nan", "inf", "a matrix", "1/0", "1e999"])
def test_what_has_no_scale_is_not_drawn(side: str) -> None:
    assert witness_plot(replace(WITNESS, lhs=side, values={"a": "1"})) == ""


def test_equal_points_and_both_sides_zero_are_not_drawn() -> None:
    assert witness_plot(replace(WITNESS, lhs="0", rhs="0", values={"X": ("1", "1")})) == ""


def test_controls_of_a_lemma_are_a_line_unless_one_passed() -> None:
    refuted = ControlRow(variant="mu halved", verdict=Verdict.REFUTED, witness=WITNESS)
    passed = ControlRow(variant="mu doubled", verdict=Verdict.SUPPORTED, witness=None)
    short = claim_section(document(), entry("A.x", kind="lemma", controls=(refuted, refuted)))
    assert "all refuted</h5><p>mu halved; mu halved</p>" in short
    assert str(WITNESS) not in short
    table = claim_section(document(), entry("A.x", kind="lemma", controls=(refuted, passed)))
    assert "all refuted" not in table
    assert str(WITNESS) in table
    # a control that is refuted is as it should be; one that passed stands out
    assert "<b>mu halved</b> <span>REFUTED</span>" in table
    assert '<b>mu doubled</b> <span class="chip v-supported">' in table


@pytest.mark.parametrize("size", [CERTIFICATE, CERTIFICATE + 1])
def test_a_certificate_is_shown_whole_or_not_at_all(size: int) -> None:
    long = {"b": "x" * (size - len('{"b": ""}'))}
    source = claim_section(
        document(), entry("A.x", evidence=(evidence(Verdict.PROVED, certificate=long),))
    )
    assert (long["b"] in source) is (size <= CERTIFICATE)
    assert (f"certificate: {CERTIFICATE + 1} characters" in source) is (size > CERTIFICATE)
    assert "xxx" not in source or long["b"] in source


def test_symbols_that_are_those_of_the_claim_above_are_not_said_again() -> None:
    row = entry("A.x").given[0]
    wide = (row, replace(row, symbol=Formula(text="b", latex="b")), replace(row))
    source = render(
        document(
            entry("A.x", given=wide),
            entry("A.x.P1", kind="step", given=wide),
            entry("A.x.P2", kind="step", given=wide[:1]),
        )
    )
    first, same, few = re.findall(r"<article id=A.x.*?</article>", source)
    assert first.count("<li><math>") == 3
    assert "Symbols and hypotheses are those of <a class=id href=#A.x>A.x</a>" in same
    assert few.count("<li><math>") == 1


def test_what_is_derived_beside_a_statement_is_no_node_of_the_graph_of_statements() -> None:
    doc = document(
        entry("A.x"), entry("A.x.more", kind="derived"), entry("A.alone.more", kind="derived")
    )
    nodes = [a["href"] for a in Page(draw(doc, "A")).classed("node")]
    assert nodes == ["#A.x", "#A.alone.more"]


def test_brackets_keep_their_size_only_beside_what_is_tall() -> None:
    plain, tall = (formula(Formula(text="", latex=s)) for s in (r"(a)", r"(a)\frac{1}{2}"))
    assert plain == "<math><mo>(</mo><mi>a</mi><mo>)</mo></math>"
    assert '<mo stretchy="false">(</mo>' in tall


@pytest.mark.parametrize(
    ("left", "right", "latex"),
    [
        ("(", ")", r"\left(a\right)"),
        ("[", "]", r"\left[a\right]"),
        ("⌊", "⌋", r"\left\lfloor a\right\rfloor"),
    ],
)
def test_brackets_that_stretch_by_themselves_are_not_told_to(
    left: str, right: str, latex: str
) -> None:
    assert formula(Formula(text="", latex=latex)) == (
        f"<math><mo>{left}</mo><mi>a</mi><mo>{right}</mo></math>"
    )


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{a^{2}}{\left(b + c\right)^{2}}",
        r"{a b} - {-c} {(d)}",
        r"\sqrt{{x}^{{2}} {y}} \tfrac{{1}}{2}",
        r"V^{(3,2)} = \sum_{k=1}^{n} x_{k} \text{ for } n \le 2",
        r"\begin{pmatrix}{a}&b\\c&{-d}\end{pmatrix}",
        r"\tfrac d{dh}{}_2F_1(-h,\tfrac d2)|_{h=0} \hspace{1em} \lfloor x \rfloor",
    ],
)
@pytest.mark.parametrize("display", ["block", "inline"])
def test_only_rows_and_attributes_are_left_out_of_formulas(latex: str, display: str) -> None:
    def marks(source: str) -> list[object]:
        page = Page(source)
        assert page.faults == []
        return [[tag for tag, _ in page.elements if tag != "mrow"], "".join(page.words)]

    shown = formula(Formula(text="", latex=latex), block=display == "block")
    assert marks(shown) == marks(convert(latex, display=display))
    assert len(shown) < len(convert(latex, display=display))


def test_a_row_with_an_operator_is_kept() -> None:
    # in a row of its own the sign belongs to the number; beside the equals sign it would subtract
    assert formula(Formula(text="", latex="a = {-1}")) == (
        "<math><mi>a</mi><mo>=</mo><mrow><mo>\N{MINUS SIGN}</mo><mn>1</mn></mrow></math>"
    )


def test_quotation_marks_are_left_out_of_tags_only() -> None:
    source = render(document(entry("A.x", says='say="so" >')))
    assert "say=&quot;so&quot; &gt;" in source
    # a value without marks would take the slash that closes its element
    assert re.search(r"<use href=#v-proved />", source)
    assert not re.search(r"=[^\s\"<>]+/>", source)
    assert Page(source).faults == []


def test_the_counts_are_those_of_the_document(chapter: Document) -> None:
    source = render(chapter)
    table = source[source.index("<table class=counts>") : source.index("What the verdicts mean")]
    rows = re.findall(r"</svg>([A-Z]+)</span></th>(.*?)<td class=bars", table)
    own, rolled = chapter.counts(), chapter.counts(rolled=True)
    assert [name for name, _ in rows] == [v.name for v in LOOKS]
    for name, cells in rows:
        numbers = re.findall(r">([^<]+)</td>", cells)
        wanted = [own[Verdict[name]], rolled[Verdict[name]]]
        assert numbers[2:] == [str(n) if n else "&ndash;" for n in wanted]


def test_a_layered_drawing_points_right_and_keeps_its_boxes_apart() -> None:
    names = [f"n{k}" for k in range(24)]
    edges = [(a, b) for i, a in enumerate(names) for j, b in enumerate(names) if j == 2 * i + 3]
    edges += [(names[k], names[k + 5]) for k in range(0, 15, 3)]
    drawing = lay_out({n: (40.0 + len(n), 20.0) for n in names}, edges)
    assert set(drawing.boxes) == set(names)
    assert set(drawing.paths) == set(edges)
    for path in drawing.paths.values():
        assert all(a[0] < b[0] for a, b in pairwise(path))
    for a, b in combinations(drawing.boxes.values(), 2):
        beside = a.x + a.width <= b.x or b.x + b.width <= a.x
        assert beside or a.y + a.height <= b.y or b.y + b.height <= a.y
    assert max(b.x + b.width for b in drawing.boxes.values()) <= drawing.width
    assert max(b.y + b.height for b in drawing.boxes.values()) <= drawing.height


def test_a_cycle_is_drawn_without_the_edge_that_closes_it() -> None:
    size = (10.0, 10.0)
    drawing = lay_out({"a": size, "b": size, "c": size}, [("a", "b"), ("b", "c"), ("c", "a")])
    assert set(drawing.paths) == {("a", "b"), ("b", "c")}


def test_a_run_becomes_a_page_with_its_witness_and_formulas() -> None:
    a = Symbol("a", real=True)
    above = Claim(
        id="exp",
        says="exp lies above its tangent at 1",
        given={a: Real(lo=0, hi=2)},
        lhs=exp(a),
        rel=Rel.GE,
        rhs=1 + 2 * a,
        evidence=(Search(),),
        broken=(scale("rhs", 3),),
    )
    claims = Claims(by_id={"exp": above}, mine=frozenset({"exp"}), origin=Origin())
    made = build(claims, check_ledger(claims.by_id), {})
    source = render(made)
    page = Page(source)
    assert page.faults == []
    assert page.all("math")
    assert "Witness (" in source
    assert "scoreproof verify exp" in source
    assert not page.classed("plain")


def test_a_document_without_claims_is_a_page() -> None:
    assert Page(render(document())).faults == []


def test_a_claim_names_the_figures_that_rest_on_it() -> None:
    above = FigureRow(name="A.fig1", title="one <curve>", claims=("A.x", "A.elsewhere"))
    doc = replace(document(entry("A.x"), entry("A.y")), figures=(above,))
    source = render(doc)
    page = Page(source)
    assert page.faults == []
    assert "figure-A.fig1" in page.ids
    first, second = re.findall(r"<article id=A.*?</article>", source)
    assert "<h5>Figures</h5><p><a href=#figure-A.fig1>A.fig1</a> (one &lt;curve&gt;)</p>" in first
    assert "Figures" not in second
    named = source[source.index("<h2 id=front-figures>") : source.index("<h2 id=paper-A>")]
    assert "<code>scoreproof figures A.fig1</code>" in named
    assert "<a href=#A.x>A.x</a>" in named
    assert "A.elsewhere</span> (not run)" in named
    assert "Figures" not in render(document(entry("A.x")))


def test_figures_of_other_claims_are_left_out() -> None:
    figures = [
        Figure(name=n, title="t.", experiments=(), claims=c, draw=lambda page, tables: None)
        for n, c in (("A.fig1", ("one", "other")), ("A.fig2", ("another",)))
    ]
    a = Symbol("a", real=True)
    one = Claim(
        id="one",
        says="s",
        given={a: Real(lo=0, hi=2)},
        lhs=a**2,
        rel=Rel.GE,
        rhs=-1,
        evidence=(Search(examples=1, hypothesis_examples=0),),
        broken=(scale("rhs", 3),),
    )
    claims = Claims(by_id={"one": one}, mine=frozenset({"one"}), origin=Origin())
    made = build(claims, check_ledger(claims.by_id), {}, figures=figures)
    assert made.figures == (FigureRow(name="A.fig1", title="t", claims=("one", "other")),)


@pytest.mark.parametrize(
    ("says", "shown"),
    [
        ("sigma^2/2 and x_i", "sigma<sup>2</sup>/2 and x<sub>i</sub>"),
        ("x_(i+1)^2", "x<sub>i+1</sub><sup>2</sup>"),
        ("chi^2_{m-1}", "chi<sup>2</sup><sub>m-1</sub>"),
        ("e^{2 t_C} < 10^-12.", "e<sup>2 t<sub>C</sub></sup> &lt; 10<sup>-12</sup>."),
        ("pi^- is a line", "pi<sup>-</sup> is a line"),
        ("a {set} and (a pair) _ ^", "a {set} and (a pair) _ ^"),
        ("^{<b>}", "<sup>&lt;b&gt;</sup>"),
    ],
)
def test_powers_and_indices_of_sentences_are_set_as_such(says: str, shown: str) -> None:
    assert prose(says) == shown
    assert shown in claim_section(document(), entry("A.x", says=says))
    assert shown in claim_section(document(), entry("A.x", note=says))


def test_no_sentence_shows_braces_of_a_formula() -> None:
    says = "Z_{1^c} is e^{-d/2}"
    bad = entry("A.x", Verdict.REFUTED, says=says, note=says, place=says)
    held, passed = (
        ControlRow(variant=says, verdict=v, witness=None) for v in (Verdict.REFUTED, Verdict.PROVED)
    )
    weak = entry("A.y", Verdict.ARGUED, says=says, steps=("A.x",), amends="A.x", place=says)
    weak = replace(weak, controls=(held, passed))
    lemma = entry("A.u", kind="lemma", controls=(held,))
    source = render(document(bad, weak, lemma, entry("A.z", Verdict.VACUOUS, says=says)))
    page = Page(source)
    assert page.faults == []
    assert not [word for word in page.words if re.search(r"[_^]\{", word)]
    assert "Z<sub>1<sup>c</sup></sub> is e<sup>-d/2</sup>" in source
    assert "Z_(1^c) is e^(-d/2)" in source  # in the titles of nodes


@pytest.fixture(scope="module")
def formulas() -> list[Formula]:
    """Return every formula of the ledger once: statements, symbols, domains, hypotheses."""
    claims = load_claims(Origin()).by_id.values()
    found = [statement_formula(claim) for claim in claims]
    found += [relation_formula(h) for h in {h for claim in claims for h in claim.where}]
    found += [domain_formula(*g) for g in {g for claim in claims for g in claim.given.items()}]
    return list({shown.latex: shown for shown in found}.values())


def test_every_formula_of_the_ledger_is_typeset(formulas: list[Formula]) -> None:
    assert len(formulas) > 1000
    plain = [shown.latex for shown in formulas if not formula(shown).startswith("<math")]
    assert plain == []
    for shown in formulas:
        words = "".join(Page(formula(shown)).words)
        assert not re.search(r"[\\$]|[_^]\{", words), shown.latex


def test_a_dark_page_is_printed_light(chapter: Document) -> None:
    source = render(chapter)
    dark = re.findall(r"@media[^{]*prefers-color-scheme[^{]*", source)
    assert len(dark) == 2
    assert all(rule.startswith("@media screen and ") for rule in dark)


def test_numbers_of_many_digits_are_not_written_out_in_formulas() -> None:
    a = Symbol("a", real=True)
    digits = "1" * DIGITS
    short, long = (relation_formula(le(a, int(d))) for d in (digits[1:], digits))
    assert short.latex == rf"a \le {digits[1:]}"
    assert long.latex == r"a \le 111111\dots 111111"
    assert digits in long.text
