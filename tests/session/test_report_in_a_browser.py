"""The pages that people look at, in a real browser: a session's report, the models' report."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attune.scenario.events import StimulusOffset, StimulusOnset
from attune.session.inputs import EventInput
from attune.session.report import write_report
from attune.timeline import SLOT_NS
from tests.browser import Tab, a_browser
from tests.session.recordings import FEATURES, a_session, write

WIDER_THAN_WINDOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FLAT = """[...document.querySelectorAll('svg')].filter(one => {
  const box = one.getBoundingClientRect(); return box.width < 50 || box.height < 20; }).length"""
TEXT_LIKE_PAPER = """[...document.querySelectorAll('h1, h2, p, td, th, svg text')].filter(one => {
  const style = getComputedStyle(one), ink = one instanceof SVGElement ? style.fill : style.color;
  return ink === getComputedStyle(document.body).backgroundColor
    && !one.classList.contains('strong'); }).length"""


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with a_browser() as tab:
        yield tab


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    rows = a_session(20)
    rows[5:5] = [
        (EventInput(StimulusOnset(SLOT_NS, "dark_room")), ()),
        (EventInput(StimulusOffset(8 * SLOT_NS, "dark_room")), ()),
    ]
    write(folder / "s.mcap", rows, FEATURES)
    write_report(folder / "s.mcap", folder / "page.html")
    return folder / "page.html"


@pytest.fixture
def page(request: pytest.FixtureRequest, report: Path, repository: Path) -> Path:
    return report if request.param == "session" else repository / "models" / "REPORT.html"


@pytest.mark.parametrize("page", ["session", "models"], indirect=True)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 400])
def test_a_report_can_be_read_on_a_desk_and_on_a_phone_by_day_and_by_night(
    tab: Tab, page: Path, width: int, dark: bool
) -> None:
    tab.open(page, width, dark=dark)
    assert tab.ask("document.querySelector('h1').innerText").strip()
    assert tab.ask("document.querySelectorAll('svg').length") > 0
    assert tab.ask(WIDER_THAN_WINDOW) <= 0
    assert tab.ask(FLAT) == 0
    assert tab.ask(TEXT_LIKE_PAPER) == 0


@pytest.mark.parametrize("page", ["session", "models"], indirect=True)
def test_a_report_loads_nothing_but_itself_and_complains_of_nothing(tab: Tab, page: Path) -> None:
    tab.requested.clear()
    tab.complaints.clear()
    tab.open(page, 1280)
    assert tab.requested == [page.as_uri()]
    assert tab.complaints == []
