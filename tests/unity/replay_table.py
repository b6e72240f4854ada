"""The table of a small recorded session, for the package's ReplayVisitor: what Python writes, C#
reads. `make protos-csharp` writes it anew; a test compares it."""

import tempfile
from pathlib import Path

from attune.session.recorded import read_recording
from attune.session.table import write_table
from tests.session.recordings import FEATURES, a_session, write

TABLE = Path(__file__).resolve().parents[2] / "protos" / "testdata" / "session-table.csv"


def write_replay_table(path: Path) -> None:
    """Record a session of one second and write its table."""
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "s.mcap"
        write(recording, a_session(10), FEATURES)
        write_table(read_recording(recording), path)


if __name__ == "__main__":
    write_replay_table(TABLE)
