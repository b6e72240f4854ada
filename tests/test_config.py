"""Settings: where values come from, and what a mistake is answered with."""

from pathlib import Path

import pytest

from attune.config import Settings, assignments, load_settings, read_settings
from attune.errors import ConfigError
from attune.server.app import KEEPALIVE_S, KEEPALIVE_TIMEOUT_S
from attune.session.clock import PAST_LIMIT_NS
from attune.timeline import seconds


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without attune.toml and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATTUNE_CONFIG", raising=False)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_a_flag_beats_the_environment_which_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "a.toml", "[server]\nport = 1\nworkers = 3\nhost = 'localhost'\n")
    monkeypatch.setenv("ATTUNE_SERVER__PORT", "2")
    monkeypatch.setenv("ATTUNE_SERVER__WORKERS", "4")

    loaded = read_settings(file, {"server": {"port": 3}})

    assert (loaded.settings.server.port, loaded.settings.server.workers) == (3, 4)
    assert loaded.settings.server.host == "localhost"
    assert loaded.sources == {
        "server.port": "flag",
        "server.workers": "environment",
        "server.host": str(file),
    }


def test_the_file_is_the_one_given_then_the_one_named_then_the_one_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "attune.toml", "[server]\nport = 1\n")
    assert load_settings().server.port == 1

    named = write(tmp_path / "named.toml", "[server]\nport = 2\n")
    monkeypatch.setenv("ATTUNE_CONFIG", str(named))
    assert load_settings().server.port == 2

    given = write(tmp_path / "given.toml", "[server]\nport = 3\n")
    assert load_settings(given).server.port == 3


def test_one_setting_of_a_section_leaves_the_others_alone() -> None:
    assert load_settings(server={"port": 7}).server.workers == Settings().server.workers


def test_cameras_are_named_in_the_file_and_completed_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "a.toml", "[cameras.hall]\nsource = '0'\nstations = ['a', 'b']\n")
    monkeypatch.setenv("ATTUNE_CAMERAS__HALL__REGION", "[0, 0, 0.5, 1]")

    hall = load_settings(file).cameras["hall"]

    assert hall.stations == ("a", "b")
    assert hall.region == (0.0, 0.0, 0.5, 1.0)


@pytest.mark.parametrize("word", ["none", "off", "OFF"])
def test_the_metrics_port_can_be_switched_off_by_a_word(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_SERVER__METRICS_PORT", word)

    assert load_settings().server.metrics_port is None


def test_a_mistake_in_the_file_names_file_and_field(tmp_path: Path) -> None:
    file = write(tmp_path / "a.toml", "[server]\nport = 70000\n")

    with pytest.raises(ConfigError, match=r"a\.toml: server\.port: .*65535.*70000"):
        load_settings(file)


def test_a_misspelt_field_is_answered_with_the_one_it_resembles(tmp_path: Path) -> None:
    file = write(tmp_path / "a.toml", "[limits]\nmax_sesions = 3\n")

    with pytest.raises(ConfigError, match=r"limits\.max_sesions: .*did you mean max_sessions"):
        load_settings(file)


def test_a_misspelt_section_in_the_environment_is_not_overlooked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATTUNE_SERVR__PORT", "1")

    with pytest.raises(ConfigError, match=r"ATTUNE_SERVR__PORT.*did you mean server"):
        load_settings()


def test_every_mistake_is_listed() -> None:
    with pytest.raises(ConfigError) as failure:
        load_settings(server={"port": -1}, limits={"max_sessions": 0})

    assert len(str(failure.value).splitlines()) == 2


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"--config names .*gone\.toml"):
        load_settings(tmp_path / "gone.toml")


def test_a_named_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_CONFIG", "gone.toml")

    with pytest.raises(ConfigError, match=r"ATTUNE_CONFIG names gone\.toml"):
        load_settings()


def test_a_file_that_is_not_toml_is_answered_with_the_line(tmp_path: Path) -> None:
    file = write(tmp_path / "a.toml", "[server]\nport == 1\n")

    with pytest.raises(ConfigError, match=r"a\.toml is not TOML: .*line 2"):
        load_settings(file)


def test_half_a_pair_of_certificate_and_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="tls_certificate is given without tls_key"):
        load_settings(security={"tls_certificate": "a.pem"})


def test_a_message_must_have_room_for_a_frame() -> None:
    with pytest.raises(ConfigError, match=r"max_message_bytes .* must exceed max_frame_bytes"):
        load_settings(limits={"max_frame_bytes": 2_000_000})


@pytest.mark.parametrize("setting", ["empathy.window_s", "limits.resume_window_s"])
@pytest.mark.parametrize("word", ["inf", "-inf", "nan"])
def test_numbers_are_finite(setting: str, word: str) -> None:
    with pytest.raises(ConfigError, match=f"flag: {setting}: Input should be a finite number"):
        load_settings(**assignments([f"{setting}={word}"]))


def test_events_kept_through_the_longest_break_are_still_believed() -> None:
    longest_s = 80
    assert load_settings(limits={"resume_window_s": longest_s}).limits.resume_window_s == longest_s
    noticed_s = KEEPALIVE_S + KEEPALIVE_TIMEOUT_S
    assert seconds(PAST_LIMIT_NS) > noticed_s + longest_s
    with pytest.raises(ConfigError, match=r"limits\.resume_window_s: .*or equal to 80, got 81"):
        load_settings(limits={"resume_window_s": 81})


def test_a_path_in_a_file_may_begin_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    paths = {
        "security": ("tls_certificate", "tls_key", "client_ca", "token_file"),
        "vision": ("landmarker_bundle",),
        "expression": ("models_dir",),
        "scenario": ("scenarios_dir",),
        "recording": ("directory",),
    }
    sections = [
        f"[{section}]\n" + "".join(f'{field} = "~/{field}"\n' for field in fields)
        for section, fields in paths.items()
    ]
    file = write(tmp_path / "a.toml", "".join(sections))

    settings = load_settings(file)

    for section, fields in paths.items():
        for field in fields:
            assert getattr(getattr(settings, section), field) == tmp_path / field


def test_a_home_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match=r"recording\.directory: ~nobody-here/x: nobody of that"):
        load_settings(recording={"directory": "~nobody-here/x"})


def test_a_baseline_cannot_need_longer_than_its_exposure_lasts() -> None:
    with pytest.raises(
        ConfigError, match=r"baseline_min_s \(10\) must not exceed baseline_s \(5\)"
    ):
        load_settings(empathy={"baseline_s": 5})


@pytest.mark.parametrize(
    "region", [[0.5, 0, 0.6, 1], [0, -0.1, 1, 1], [0, 0, 0, 1], [0, 0, 640, 480]]
)
def test_a_region_lies_inside_the_image(region: list[float]) -> None:
    with pytest.raises(ConfigError, match=r"cameras\.hall\.region: .*fractions inside the image"):
        load_settings(cameras={"hall": {"source": "0", "region": region}})


@pytest.mark.parametrize(
    "cameras",
    [
        {"hall": {"sauce": "rtsp://guard:s3cret@10.0.0.7/door"}},
        {"hall": "rtsp://guard:s3cret@10.0.0.7/door"},
        {"hall": {"source": "0", "rate_hz": "rtsp://guard:s3cret@10.0.0.7/door"}},
    ],
)
def test_a_mistake_beside_a_cameras_address_does_not_show_its_password(
    cameras: dict[str, object],
) -> None:
    with pytest.raises(ConfigError, match=r"cameras\.hall") as refusal:
        load_settings(cameras=cameras)
    assert "s3cret" not in str(refusal.value)


def test_assignments_become_nested_overrides() -> None:
    overrides = assignments(["server.port=5", 'cameras.hall.stations=["a"]'])

    assert overrides == {"server": {"port": "5"}, "cameras": {"hall": {"stations": ["a"]}}}


@pytest.mark.parametrize("pair", ["server.port", "port=5", "=5", "server.=5"])
def test_an_assignment_without_section_field_and_value_is_refused(pair: str) -> None:
    with pytest.raises(ConfigError, match=r"expected section\.field=value"):
        assignments([pair])
