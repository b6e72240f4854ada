"""The report tells everything that was recorded, loads nothing from elsewhere, and shows no face
without consent."""

import os
import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from attune.cli.main import app
from attune.config import Settings
from attune.empathy.state import EriStatus
from attune.errors import RecordingError
from attune.scenario.events import ChoiceResolved, ResolvedBy, StimulusOffset, StimulusOnset
from attune.session.consent import Audience, ConsentScope
from attune.session.inputs import ConsentInput, EventInput, Tick
from attune.session.outputs import StateUpdate
from attune.session.recorded import read_recording
from attune.session.report import _clock, render_report, write_report
from attune.session.report_drawing import LEFT, MAX_POINTS, PLOT, Axis
from attune.session.report_faces import COUNT, face_strip
from attune.session.vocabulary import AUDIENCES
from attune.timeline import NS_PER_S, SLOT_NS, seconds
from tests.session.live import LiveSession, frames_of
from tests.session.recordings import (
    EVERYTHING,
    FEATURES,
    NOTHING,
    a_decision,
    a_session,
    an_empathy,
    an_update,
    write,
)


@dataclass(frozen=True)
class Stage:
    name: str
    count: int
    median_ms: float
    p95_ms: float
    p99_ms: float


class Page(HTMLParser):
    """Elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data + " "

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def report_of(path: Path, **more: object) -> str:
    return render_report(read_recording(path), **more)


def drawings(html: str) -> dict[str, ElementTree.Element]:
    found = {}
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        root = ElementTree.fromstring(svg)
        title = root.find("title")
        assert title is not None
        assert title.text
        found[title.text] = root
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "s.mcap"
    rows = a_session(20)
    rows[5:5] = [
        (EventInput(StimulusOnset(SLOT_NS, "dark_room")), ()),
        (EventInput(StimulusOffset(8 * SLOT_NS, "dark_room")), ()),
        (EventInput(ChoiceResolved(9 * SLOT_NS, "door", 1, "right", ResolvedBy.OPERATOR)), ()),
    ]
    write(path, rows, FEATURES)
    return path


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing(path: Path) -> None:
    page = Page(report_of(path))
    assert page.named("script") == []
    assert page.named("link") == []
    assert page.named("img") == []
    addresses = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in {"src", "href", "data", "action"}
    ]
    assert addresses == []
    assert "url(" not in report_of(path)
    assert "@import" not in report_of(path)


def test_it_says_what_the_index_is_not(path: Path) -> None:
    text = Page(report_of(path)).text
    assert "not a measure of a person's empathy" in text
    assert "50 means neutral, or no evidence" in text


def test_every_plot_is_there_with_words_for_those_who_do_not_see_it(path: Path) -> None:
    found = drawings(report_of(path))
    assert list(found) == [
        "The story",
        "ERI",
        "Confidence",
        "Valence and arousal",
        "Head pose",
        "Face visibility",
    ]
    for root in found.values():
        assert root.get("role") == "img"
        described = (root.get("aria-labelledby") or "").split()
        ids = {child.get("id"): child.text for child in root}
        assert all(ids.get(name) for name in described)


def test_all_plots_share_one_time_axis(path: Path) -> None:
    found = drawings(report_of(path))
    marks = {
        title: [
            line.get("x1") for line in root.iter("line") if line.get("class") == "decision-line"
        ]
        for title, root in found.items()
    }
    marks.pop("Face visibility")
    assert len(set(map(tuple, marks.values()))) == 1
    [[at]] = set(map(tuple, marks.values()))
    assert float(at or 0) == pytest.approx(LEFT + PLOT, abs=0.1)
    labels = [
        [
            (text.get("x"), text.text)
            for text in root.iter("text")
            if text.get("text-anchor") == "middle"
        ]
        for root in found.values()
    ]
    assert all(one == labels[0] for one in labels)


def test_decisions_say_why_and_what_was_played_instead(path: Path) -> None:
    text = Page(report_of(path)).text
    assert "the evidence met the author's condition" in text
    assert "ERI 61.5 · confidence 0.50" in text
    assert "right, by an operator" in text


def test_notices_models_and_versions_are_listed(path: Path) -> None:
    text = Page(report_of(path)).text
    assert "no baseline" in text
    assert "sha256 " + "ab" * 32 in text
    assert "mediapipe 0.10" in text


def test_latency_is_shown_where_it_was_measured(path: Path) -> None:
    assert "Latency" not in Page(report_of(path)).text
    text = Page(report_of(path, latency=[Stage("decode", 40, 1.25, 2.5, 3.0)])).text
    assert "decode 40 1.2 ms 2.5 ms 3.0 ms" in text


def test_what_a_client_wrote_is_text_and_never_markup(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    evil = "<script>alert(1)</script>"
    rows = [
        (EventInput(StimulusOnset(0, evil)), (an_update(0),)),
        (Tick(SLOT_NS), (an_update(SLOT_NS), a_decision(SLOT_NS))),
    ]
    write(path, rows, FEATURES)
    page = Page(report_of(path))
    assert page.named("script") == []
    assert evil in page.text


def test_without_features_the_story_is_all_there_is(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(10), NOTHING)
    html = report_of(path)
    assert list(drawings(html)) == ["The story"]
    assert "the visitor did not allow it" in Page(html).text
    assert "store features: not allowed" in Page(html).text


def test_an_incomplete_recording_says_what_is_missing(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    text = Page(report_of(path)).text
    assert "This recording is not complete" in text
    assert "was not finished" in text


def test_a_gap_in_the_states_is_a_gap_in_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    slots = [*range(20), *range(60, 80)]
    write(path, [(Tick(slot * SLOT_NS), (an_update(slot * SLOT_NS),)) for slot in slots], FEATURES)
    lines = [
        line.get("d") or ""
        for line in drawings(report_of(path))["ERI"].iter("path")
        if line.get("class") == "line s1"
    ]
    assert [line.count("M") for line in lines] == [2]


def test_an_hour_is_drawn_with_a_bounded_number_of_points(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    rows = [(Tick(slot * SLOT_NS), (an_update(slot * SLOT_NS),)) for slot in range(0, 36_000, 6)]
    write(path, rows, FEATURES, queue_length=20_000)
    html = report_of(path)
    eri = next(
        line.get("d") or ""
        for line in drawings(html)["ERI"].iter("path")
        if line.get("class") == "line s1"
    )
    assert eri.count("M") == 1
    assert eri.count("L") <= MAX_POINTS
    assert len(html) < 500_000


def seen_at(slot: int, *, yaw: float = 10.0, **empathy: object) -> StateUpdate:
    """The state of one slot with other figures."""
    update = an_update(slot * SLOT_NS, sequence=slot + 1)
    assert update.pose is not None
    return replace(
        update,
        pose=replace(update.pose, yaw_deg=yaw),
        empathy=replace(an_empathy(slot), **empathy),
    )


def unseen_at(slot: int, **empathy: object) -> StateUpdate:
    """The state of one slot in which no face was found."""
    return replace(seen_at(slot, **empathy), face=None, pose=None, expression=None)


def written(
    path: Path, updates: list[StateUpdate], scopes: frozenset[ConsentScope] = FEATURES
) -> Path:
    rows = [(Tick(one.time_ns), (one,)) for one in updates]
    write(path, rows, scopes, queue_length=20_000)
    return path


def words_of(html: str, title: str) -> str:
    return drawings(html)[title].findtext("desc") or ""


def test_a_long_recording_ends_where_it_ended_and_forgets_no_turn_of_the_head(
    tmp_path: Path,
) -> None:
    slots = range(2 * MAX_POINTS)
    updates = [seen_at(slot, yaw=80.0 if slot == 7 else 10.0) for slot in slots]
    updates[-1] = seen_at(slots[-1], eri=88.0, confidence=0.75)
    html = report_of(written(tmp_path / "s.mcap", updates))
    assert words_of(html, "ERI").startswith("The index goes from 55 to 88")
    assert "Confidence ends at 0.75" in words_of(html, "Confidence")
    assert "stay within 80 degrees" in words_of(html, "Head pose")


def test_mean_affect_is_that_of_the_states_with_a_face(tmp_path: Path) -> None:
    updates = [seen_at(slot, valence=0.5, arousal=-0.5) for slot in range(10)]
    updates += [unseen_at(slot, valence=0.0, arousal=0.0) for slot in range(10, 40)]
    html = report_of(written(tmp_path / "s.mcap", updates))
    assert "Mean valence +0.50, mean arousal -0.50" in words_of(html, "Valence and arousal")


def test_without_any_face_there_is_no_mean_affect_and_no_mean_visibility(tmp_path: Path) -> None:
    updates = [unseen_at(slot, valence=0.0, arousal=0.0) for slot in range(20)]
    html = report_of(written(tmp_path / "s.mcap", updates))
    assert words_of(html, "Valence and arousal") == "No face was found."
    assert words_of(html, "Head pose") == "No head pose was measured."
    assert words_of(html, "Face visibility") == "A face was found 0 % of the time."


def test_a_pause_is_no_time_without_a_face(tmp_path: Path) -> None:
    updates = [seen_at(slot) for slot in range(10)]
    updates += [unseen_at(slot, status=EriStatus.PAUSED) for slot in range(10, 40)]
    html = report_of(written(tmp_path / "s.mcap", updates))
    assert "Face found 100 % of 10 recorded states" in Page(html).text
    assert "A face was found 100 % of the time" in words_of(html, "Face visibility")


@pytest.mark.parametrize(
    ("confidence", "verdict"), [(0.1, "not enough evidence"), (0.5, "enough to act on")]
)
def test_a_session_that_ended_in_a_pause_says_what_its_evidence_was_worth(
    tmp_path: Path, confidence: float, verdict: str
) -> None:
    updates = [seen_at(slot) for slot in range(10)]
    updates.append(unseen_at(10, status=EriStatus.PAUSED, confidence=confidence))
    text = Page(report_of(written(tmp_path / "s.mcap", updates))).text
    assert f"Confidence at the end {confidence:.2f} paused; {verdict}" in text


def test_without_evidence_no_interval_of_nothing_is_shown(tmp_path: Path) -> None:
    nothing = {"eri": 50.0, "confidence": 0.0, "interval": (50.0, 50.0)}
    updates = [seen_at(slot, status=EriStatus.ABSTAIN, **nothing) for slot in range(10)]
    html = report_of(written(tmp_path / "s.mcap", updates))
    assert "interval 50 to 50" not in html
    assert "ERI at the end 50 no evidence yet" in Page(html).text


def test_the_confidence_below_which_it_abstains_is_that_of_the_session(tmp_path: Path) -> None:
    recording = read_recording(written(tmp_path / "s.mcap", [seen_at(0), seen_at(1)]))
    recording.header.settings_json = '{"empathy": {"abstain_below": 0.4}}'
    html = render_report(recording)
    assert "below .4 the index abstains" in words_of(html, "Confidence")
    assert "below .25" not in html


def test_a_locked_session_is_not_put_down_to_the_visitor(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(10), frozenset())
    recording = read_recording(path)
    recording.header.start.audience = AUDIENCES.number(Audience.SCHOOL)
    text = Page(render_report(recording)).text
    assert "the visitor did not allow it" not in text
    assert "stored, because sessions of this audience (school) are locked" in text


@pytest.mark.parametrize("hours", [1, 12, 13, 60, 2_500_000])
def test_however_long_it_was_the_axis_is_labelled_a_dozen_times(path: Path, hours: int) -> None:
    recording = read_recording(path)
    recording.last_ns = hours * 3600 * NS_PER_S
    ticks = Axis(recording).ticks_s
    assert 6 < len(ticks) <= 13
    assert ticks[-1] <= hours * 3600


def test_a_time_just_before_a_full_minute_is_a_minute() -> None:
    assert [_clock(at) for at in (0.04, 59.94, 59.96, 119.99)] == [
        "0:00.0",
        "0:59.9",
        "1:00.0",
        "2:00.0",
    ]


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory, clips: Path) -> Path:
    path = tmp_path_factory.mktemp("filmed") / "s.mcap"
    session = LiveSession(path, EVERYTHING)
    session.play(frames_of(clips / "single_face.mp4", 24), until_ns=2 * NS_PER_S)
    session.close()
    return path


def test_faces_are_shown_where_video_may_be_kept(filmed: Path) -> None:
    pictures = Page(report_of(filmed)).named("img")
    assert 6 <= len(pictures) <= 12
    assert all((one["src"] or "").startswith("data:image/png;base64,") for one in pictures)
    assert all("Aligned crop" in (one["alt"] or "") for one in pictures)


@pytest.mark.parametrize("count", [13, 18, 23])
def test_the_strip_of_faces_reaches_from_the_first_frame_to_the_last(
    tmp_path: Path, repository: Path, count: int
) -> None:
    path = tmp_path / "s.mcap"
    frames = frames_of(repository / "examples" / "visitors" / "3-resonant-bare.mp4", count)
    session = LiveSession(path, EVERYTHING)
    session.play(frames, until_ns=2 * NS_PER_S)
    session.close()
    shown = [one.time_s for one in face_strip(read_recording(path), Settings())]
    assert len(shown) == COUNT
    assert shown[0] == pytest.approx(seconds(frames[0].time_ns))
    assert shown[-1] == pytest.approx(seconds(frames[-1].time_ns))
    steps = np.diff(shown) * 15  # the frames of `frames_of` a second
    assert steps.min() > 0.9
    assert steps.max() < 2.1


def test_no_face_is_shown_once_consent_to_video_is_withdrawn(tmp_path: Path, clips: Path) -> None:
    path = tmp_path / "s.mcap"
    session = LiveSession(path, EVERYTHING)
    session.play(frames_of(clips / "single_face.mp4", 15), until_ns=NS_PER_S)
    still = frozenset({ConsentScope.ANALYSE, ConsentScope.STORE_FEATURES})
    session.step(ConsentInput(2 * NS_PER_S, 2, still))
    session.close()
    page = Page(report_of(path))
    assert page.named("img") == []
    assert "Consent changed at 0:02.0 to: analyse, store features" in page.text


def test_the_command_writes_the_page(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    done = CliRunner().invoke(app, ["report", str(path), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permissions of this kind")
def test_the_page_can_be_read_by_its_owner_alone_for_it_may_show_faces(
    path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "page.html"
    before = os.umask(0o022)
    try:
        write_report(path, out)
    finally:
        os.umask(before)
    assert f"{out.stat().st_mode & 0o777:o}" == "600"


def test_a_page_that_cannot_be_written_is_an_error_with_its_name(
    path: Path, tmp_path: Path
) -> None:
    with pytest.raises(RecordingError, match="nowhere"):
        write_report(path, tmp_path / "nowhere" / "page.html")


def test_the_page_never_takes_the_place_of_the_recording(path: Path) -> None:
    recorded = path.read_bytes()
    with pytest.raises(RecordingError, match="is the recording itself"):
        write_report(path, path)
    assert path.read_bytes() == recorded
