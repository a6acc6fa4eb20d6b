from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from bench.report.markdown import as_code, as_markdown

TEXTS = [
    "plain words",
    "option_a and _this_ __that__",
    "a * b ** c",
    "[x](y) ![z](w) <b> & &amp; `code`",
    "a | b",
    "# no heading",
    "- no item",
    "+ no item",
    "1. no item",
    "2) no item",
    "---",
    "===",
    "−10.4 % [−10.9 %, −9.8 %] ~ ~~x~~",
    "back\\slash \\* end\\",
    "$x_1$",
    "20261123-035917",
]


def shown(markdown: str) -> str:
    (block,) = [token for token in MarkdownIt().enable(["table", "strikethrough"]).parse(markdown) if token.type == "inline"]
    assert {child.type for child in block.children or []} <= {"text", "text_special", "html_inline"}
    return "".join(child.content for child in block.children or [])


@pytest.mark.parametrize("text", TEXTS)
def test_text_reads_as_itself(text: str) -> None:
    assert shown(as_markdown(text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_in_its_cell(text: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {as_markdown(text)} | end |\n"
    tokens = MarkdownIt().enable("table").parse(table)
    cells = [token.content for token in tokens if token.type == "inline"]
    assert len(cells) == 4
    assert cells[-1] == "end"


@pytest.mark.parametrize("text", ["storebench replay a/b", "a `tick`", "``two``", "<b> & *", "x|y"])
def test_code_reads_as_itself(text: str) -> None:
    (block,) = [token for token in MarkdownIt().parse(as_code(text)) if token.type == "inline"]
    (code,) = block.children or []
    assert (code.type, code.content) == ("code_inline", text.replace("|", "\\|"))


def test_a_name_that_needs_no_escape_gets_none() -> None:
    assert as_markdown("root_messages +1, memories +2") == "root_messages +1, memories +2"


@pytest.mark.parametrize("text", ["see https://evil.example/x", "HTTP://evil.example", "www.evil.example", "ftp://evil.example"])
def test_an_address_reads_as_itself_and_is_no_link(text: str) -> None:
    escaped = as_markdown(text)
    assert not re.search(r"(?i)https?:|ftp:|www\.", escaped)
    (block,) = [token for token in MarkdownIt().parse(escaped) if token.type == "inline"]
    assert "".join(token.content for token in block.children or []) == text
