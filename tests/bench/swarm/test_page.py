"""Locust's page in a real browser: a run is started, its charts move, it is stopped, and its report is downloaded.

With STOREBENCH_PICTURES naming a folder, what the page looks like is left there.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bench.server.launch import free_port
from bench.server.server import Server
from bench.swarm import launching
from bench.swarm.launching import Place
from tests.bench.swarm.browser import Page, browser, program
from tests.bench.swarm.runs import SHORT, children, stored, wait_for

pytestmark = [pytest.mark.database, pytest.mark.full]

ANIMATION_S = 3.0
_CANVASES = "[...document.querySelectorAll('canvas')].map(one => one.toDataURL()).join()"
_TEXT = "(document.body?.innerText ?? '')"
_REPORT = "document.querySelector('a[href*=\"stats/report\"]')"
_DOWNLOAD = "document.querySelector('a[href*=\"download=1\"]')"


def _look(page: Page, name: str, folder: Path) -> None:
    page.picture(folder / f"{name}.png")
    if kept := os.environ.get("STOREBENCH_PICTURES"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / f"{name}.png", kept)


def test_a_run_is_started_watched_stopped_and_reported_from_the_page(server: Server, tmp_path: Path) -> None:
    if program() is None:
        pytest.skip("there is no Chromium: install Debian's chromium to try the page in a browser")
    place, options = Place(web=free_port()), replace(SHORT, variant="dual", rate_per_s=40.0, run_s=120.0)
    with children([launching.leader(options, place, tmp_path)], tmp_path, server) as (leading,):
        wait_for(lambda: leading.says("Starting web interface"))
        with browser(tmp_path) as page:
            page.open(f"http://127.0.0.1:{place.web}/")
            page.wait_for(f"document.readyState === 'complete' && /start/i.test({_TEXT})")
            _look(page, "1-asked", tmp_path)
            page.click("start", then=f"/\\bstop\\b/i.test({_TEXT})")
            page.wait_for(f"/send/.test({_TEXT})")
            _look(page, "2-running", tmp_path)
            page.click("charts", then="document.querySelectorAll('canvas').length >= 3")
            # The users of a moment ago were none: what moves now is what they do.
            page.wait_for(f"/RPS\\s+[1-9]/.test({_TEXT})")
            # Charts are drawn in by an animation, which is no movement of theirs.
            time.sleep(ANIMATION_S)
            before = page.run(_CANVASES)
            page.wait_for(f"{_CANVASES} !== {before!r}")
            time.sleep(ANIMATION_S)
            _look(page, "3-charts", tmp_path)
            page.click("stop")
            wait_for(lambda: leading.says("the store holds exactly these"))
            # Locust's page asks for the state while the users are stopping, and then not again.
            page.open(f"http://127.0.0.1:{place.web}/")
            page.wait_for(f"/stopped|new/i.test({_TEXT})")
            page.click("download data", then=f"Boolean({_REPORT})")
            report = page.run(f"{_REPORT}.href")
            _look(page, "4-stopped", tmp_path)
            page.open(report)
            page.wait_for(f"/recall_context/.test({_TEXT}) && Boolean({_DOWNLOAD})")
            _look(page, "5-report", tmp_path)
            page.run(f"{_DOWNLOAD}.click()")
            wait_for(lambda: any(tmp_path.glob("*.html")))
    record = stored(tmp_path).record
    assert record.stopped
    assert record.proof_holds
    assert 0 < record.rows < record.operations
    (report,) = tmp_path.glob("*.html")
    assert "recall_context" in report.read_text()
