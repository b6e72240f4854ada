"""The shared table of a recorded session is what the recorder and the table writer make of it."""

from pathlib import Path

from tests.unity.replay_table import TABLE, write_replay_table


def test_the_shared_table_is_current(tmp_path: Path) -> None:
    write_replay_table(tmp_path / "table.csv")
    fresh, committed = (tmp_path / "table.csv").read_text(), TABLE.read_text()
    assert fresh == committed, "run make protos-csharp"
