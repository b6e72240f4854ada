"""The authored stories that a server knows, by identifier."""

from collections.abc import Iterable
from pathlib import Path

from attune.errors import ScenarioError
from attune.scenario.loading import LoadedScenario, list_scenarios, load_scenario


class ScenarioLibrary:
    """Checked scenarios, read once; a story that cannot be played is refused at the start, not when
    a visitor stands in it."""

    def __init__(self, scenarios: Iterable[LoadedScenario]) -> None:
        self._by_id: dict[str, LoadedScenario] = {}
        for one in scenarios:
            other = self._by_id.get(one.scenario.id)
            if other is not None:
                raise ScenarioError(
                    f"two scenarios are called {one.scenario.id!r}: {other.source} and "
                    f"{one.source}; give one of them another id"
                )
            self._by_id[one.scenario.id] = one

    @classmethod
    def read(cls, folder: Path) -> "ScenarioLibrary":
        """Every ``*.yaml`` of `folder`; raises `ScenarioError` where there is no such folder, and
        with the findings of the first file that cannot be played."""
        if not folder.is_dir():
            raise ScenarioError(
                f"scenario.scenarios_dir: expected a folder of stories, got {folder}, which is none"
            )
        return cls(load_scenario(path) for path in list_scenarios(folder))

    def get(self, scenario_id: str) -> LoadedScenario | None:
        """The scenario of that identifier, or None."""
        return self._by_id.get(scenario_id)

    def all(self) -> tuple[LoadedScenario, ...]:
        """Every scenario, in the order of the identifiers."""
        return tuple(self._by_id[name] for name in sorted(self._by_id))
