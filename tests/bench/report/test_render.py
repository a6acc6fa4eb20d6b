from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from bench.claims.ledger import judge
from bench.report.render import render
from bench.report.rendered import Rendered
from bench.results.schema import ClaimRow, Summary
from tests.bench.load.made_up import made_up_load
from tests.bench.report import made_up
from tests.bench.report.made_up import latencies, replay_summary, run, summary

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Reader(HTMLParser):
    """The visible text of a page, its tags with attributes, and whether every tag is closed in turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.text.append(data)

    @classmethod
    def of(cls, html: str) -> Reader:
        reader = cls()
        reader.feed(html)
        reader.close()
        assert reader._open == []
        return reader

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def judged(found: Summary) -> Summary:
    return found.model_copy(update={"claims": judge(found, run())})


@pytest.fixture(scope="module")
def whole() -> Rendered:
    return render(judged(summary()), run(), latencies())


@pytest.fixture(scope="module")
def page(whole: Rendered) -> Reader:
    return Reader.of(whole.html)


@pytest.fixture(scope="module")
def replay() -> Rendered:
    return render(judged(replay_summary()), run(), latencies())


def test_the_same_run_gives_the_same_bytes(whole: Rendered) -> None:
    assert render(judged(summary()), run(), latencies()) == whole


def test_the_page_is_one_file_without_script_or_anything_from_outside(page: Reader) -> None:
    assert not {"script", "link", "iframe", "object", "img"} & {tag for tag, _ in page.tags}
    addresses = [
        value for _, attributes in page.tags for name, value in attributes.items() if name in {"src", "href", "xlink:href"}
    ]
    assert addresses
    assert all(address is not None and address.startswith("#") for address in addresses)
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_no_id_is_used_twice_and_every_reference_has_its_target(whole: Rendered, page: Reader) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    referred = set(re.findall(r'(?:href="|url\()#([^")]+)', whole.html))
    assert referred <= set(ids)


def test_the_sections_stand_in_their_order(whole: Rendered) -> None:
    found = re.findall(r'<section id="([a-z]+)"', whole.html)
    assert found == [
        "short",
        "validity",
        "claims",
        "writes",
        "workload",
        "latency",
        "costs",
        "load",
        "reads",
        "crash",
        "faults",
        "agreement",
        "growth",
        "ladder",
        "harness",
        "gaps",
        "unmeasured",
        "again",
    ]
    headings = re.findall(r"^## (.+)$", whole.markdown, re.MULTILINE)
    assert headings == [
        "In short",
        "Why believe it, and how far",
        "The design note's claims",
        "What a write costs",
        "What a whole workload costs",
        "Latency, in pairs",
        "Where the time goes",
        "How much load a design bears",
        "What a read costs on a large store",
        "What a killed client leaves behind",
        "What faults leave behind",
        "Whether other instruments agree",
        "How cost grows",
        "From one design to another",
        "What the harness costs",
        "Gaps and defects",
        "Not measured yet",
        "Make it again",
    ]


def test_every_chart_stands_in_both_forms_with_its_files(whole: Rendered, page: Reader) -> None:
    names = {name.rsplit(".", 1)[0] for name in whole.charts}
    assert len(names) == 14
    assert {f"{name}.{ending}" for name in names for ending in ("svg", "png", "csv")} == set(whole.charts)
    assert sum(tag == "figure" for tag, _ in page.tags) == len(names)
    for name in names:
        assert f"](charts/{name}.png)" in whole.markdown


def test_every_drawing_has_a_label_and_a_scale(page: Reader) -> None:
    drawings = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert all(drawing.get("role") == "img" and drawing.get("aria-label") and drawing.get("viewbox") for drawing in drawings)
    assert not any("width" in drawing for drawing in drawings)


def test_every_claim_stands_there_with_line_verdict_and_evidence(page: Reader, whole: Rendered) -> None:
    for row in judge(summary(), run()):
        assert f"“{row.quote}” line {row.line}" in page.words
    assert page.words.count("not measurable here") >= 11
    assert "| 133 | Every message requires 2x database operations | **refuted** |" in whole.markdown


def test_a_partial_outcome_has_its_replay_command_beside_it(page: Reader, whole: Rendered) -> None:
    assert "storebench replay dual/per_side/send/k=1/after-commit-1" in page.words
    assert "`storebench replay dual/per_side/send/k=1/after-commit-1`" in whole.markdown


def test_ratios_stand_beside_absolute_figures(whole: Rendered) -> None:
    lines = whole.markdown.splitlines()
    hybrid, option_a = r"hybrid | dual | −15.0 % \[−16.7 %, −13.3 %\] |", r"option_a | dual | +1.0 % \[−1.0 %, +3.0 %\] | \~ |"
    (found,) = (line for line in lines if line.startswith(f"| per_side | send | {hybrid}"))
    assert found.endswith("| 1.27 ms | 1.50 ms | 2,400 |")
    (found,) = (line for line in lines if line.startswith(f"| per_side | send | {option_a}"))
    assert found.endswith("| 1.51 ms | 1.50 ms | 2,400 |")


def test_a_quantile_that_the_sample_cannot_carry_is_a_dash(whole: Rendered) -> None:
    (row,) = [line for line in whole.markdown.splitlines() if line.startswith("| send | dual | 2,400 |")]
    assert row.endswith("| – |")


def test_the_box_of_validity_names_proof_pair_machine_and_limits(page: Reader) -> None:
    for words in (
        "10 of 10 stores held exactly the facts of the reference model",
        "it fails to in 0 of 2 kinds of operation",
        "A Processor, 2 CPUs, 8.0 GiB",
        "PostgreSQL 18.6",
        "client on CPU 0, server on 1",
        "SHA-256 " + "cd" * 32,
        "c0ffeec0ffee",
        "writes 0, 1, 2, 4; crash points 1; paired workload 2",
        "neither capacity nor waiting time",
        "not available",
    ):
        assert words in page.words.replace("\u00a0", " ")


def test_a_run_with_load_does_not_say_that_nothing_was_measured_of_it() -> None:
    bare = summary(anatomy=[], latency=[], crash=[], totals=[])
    without, loaded = (render(found, run(), {}).markdown for found in (bare, bare.model_copy(update={"load": made_up_load()})))
    assert "neither capacity nor waiting time" in without
    assert "neither capacity nor waiting time" not in loaded
    assert "Load: capacity and waiting are those of this workload's channels, by one objective" in loaded


def test_which_reading_of_todays_storage_took_part_is_said() -> None:
    record = run()
    designs = {**record.designs, "dual_deployed": record.designs["dual"]}
    bare = summary(anatomy=[], latency=[], crash=[], totals=[])
    both = Reader.of(render(bare, run(designs=designs), {}).html).words
    assert "dual_deployed has the statement sequence of elizaOS server 1.6.1" in both
    assert "the baseline is dual" in both
    one = Reader.of(render(bare, record, {}).html).words
    assert "dual_deployed, which has the statement sequence of elizaOS server 1.6.1, did not take part" in one
    for words in (both, one):
        assert "logs, embeddings, model calls and sockets are left out" in words


def test_how_many_sessions_there_were_bounds_what_can_be_told(page: Reader) -> None:
    assert "Other sessions: there was one, so no interval covers" in page.words
    twice = [*made_up.proofs(), *(proof.model_copy(update={"trial": "latency-001"}) for proof in made_up.proofs())]
    found = render(summary(proofs=twice, anatomy=[], latency=[], crash=[], totals=[]), run(), {})
    assert "Other sessions: intervals cover what differs between 2 of them, which is few." in found.markdown


def test_gaps_and_defects_stand_with_their_counts(whole: Rendered) -> None:
    assert "| hybrid | members without agent | a channel without an agent has no room | Remove them | 3 | 3 | – |" in whole.markdown
    assert "| option_b | delete | copies stay | nothing said |" in whole.markdown
    assert "Neither gap nor defect: floor, dual, option_a." in whole.markdown


def test_the_command_is_quoted_for_a_shell() -> None:
    found = render(summary(), run(arguments=["run", "--trace", "a b;c"]), {})
    assert "`storebench run --trace 'a b;c'`" in found.markdown


def test_a_replay_of_a_trace_says_what_was_not_part_of_it(replay: Rendered) -> None:
    words = Reader.of(replay.html).words
    assert "What a write costs: not part of this run." in words
    assert "What a killed client leaves behind: not part of this run." in words
    assert "crash points are not part of this run" in words
    assert "over the whole workload, its set-up included, each message changes 3.1 rows in dual, 1.1 in floor" in words
    assert not any(name.startswith(("crash", "writes-warm", "writes-first")) for name in replay.charts)
    assert "What a killed client leaves behind: not part of this run." in replay.markdown


def test_an_empty_run_can_be_told() -> None:
    empty = summary(anatomy=[], latency=[], quantiles=[], crash=[], proofs=[], totals=[])
    found = render(empty, run(designs={}, phases=[], machine={}, server={}, workloads={}, placement=""), {})
    assert found.charts == {}
    words = Reader.of(found.html).words
    assert "No store was proved in this run" in words
    assert "There is no A/A pair in this run" in words


def test_a_failed_proof_withholds_everything_but_the_differences() -> None:
    red = made_up.proofs()
    red[1] = red[1].model_copy(update={"holds": False, "differences": ["lost: <row 1>"], "difference_count": 7})
    found = render(judged(summary(proofs=red)), run(), latencies())
    words = Reader.of(found.html).words
    assert "The results are withheld" in words
    assert "option_a, anatomy: 7 differences" in words
    assert "lost: <row 1>" in words
    assert found.charts == {}
    for text in (found.html, found.markdown):
        assert "Latency" not in text
        assert "supported" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert "- `lost: <row 1>`" in found.markdown


HOSTILE = "<script>alert(1)</script>\"'&|`*_[x](y)\x00\x1b\u202e\n# head {{ 7*7 }}"


@pytest.fixture(scope="module")
def attacked() -> Rendered:
    claim = ClaimRow(id="x", section=HOSTILE, quote=HOSTILE, line=1, verdict=HOSTILE, evidence=HOSTILE)
    proofs = [proof.model_copy(update={"design": HOSTILE, "trial": HOSTILE}) for proof in made_up.proofs()[:1]]
    points = [
        point.model_copy(update={"design": HOSTILE, "parts": [HOSTILE], "schedule": HOSTILE}) for point in made_up.crash()[:4]
    ]
    found = summary(claims=[claim], proofs=proofs, crash=points, latency=[made_up.ratio(HOSTILE, 0.5, kind=HOSTILE)])
    record = run(
        arguments=[HOSTILE],
        workloads={HOSTILE: HOSTILE},
        machine={HOSTILE: {HOSTILE: [HOSTILE]}},
        placement=HOSTILE,
        started_at=HOSTILE,
    )
    return render(found, record, {HOSTILE: {HOSTILE: made_up.latencies()["send"]["dual"]}})


def test_nothing_from_outside_becomes_markup(attacked: Rendered) -> None:
    reader = Reader.of(attacked.html)
    assert "script" not in {tag for tag, _ in reader.tags}
    assert "<script>alert(1)</script>" in reader.words
    assert "{{ 7*7 }}" in reader.words
    for text in (attacked.html, attacked.markdown):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", text)
        text.encode()


def test_nothing_from_outside_becomes_markdown(attacked: Rendered) -> None:
    outside_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", attacked.markdown)
    assert "<script>" not in outside_code
    assert not re.search(r"(?<!\\)\[x(?<!\\)\]\(y\)", outside_code)
    assert not re.search(r"^# head", attacked.markdown, re.MULTILINE)
    tables = [line for line in attacked.markdown.splitlines() if line.startswith("| ") and "script" in line]
    assert tables


def test_hostile_names_of_charts_files_stay_harmless(attacked: Rendered) -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+\.(svg|png|csv)", name) for name in attacked.charts)


def test_every_row_of_a_markdown_table_has_the_cells_of_its_heading(whole: Rendered, attacked: Rendered) -> None:
    for markdown in (whole.markdown, attacked.markdown):
        cells = 0
        for line in markdown.splitlines():
            if not line.startswith("|"):
                cells = 0
                continue
            count = len(re.findall(r"(?<!\\)\|", line))
            assert cells in (0, count)
            cells = count
