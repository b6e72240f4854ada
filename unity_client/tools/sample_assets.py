"""References to the package's assets, and the files of one sample while they are written."""

import re
from pathlib import Path

import unity_yaml as u
import write_metas

COMPONENTS = "Attune.Components"


def guid(asset: Path) -> str:
    """Of an asset of the package, from its .meta file."""
    text = write_metas.meta_of(asset).read_text(encoding="utf-8")
    found = re.search(r"^guid: ([0-9a-f]{32})$", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"{asset}.meta has no guid; run write_metas.py")
    return found[1]


def script(name: str) -> str:
    """The GUID of a component's script."""
    (path,) = write_metas.PACKAGE.rglob(f"Runtime/**/{name}.cs")
    return guid(path)


def type_of(component: str, assembly: str = "Attune.Unity") -> str:
    """As events name a type."""
    return f"{COMPONENTS}.{component}, {assembly}"


class Sample:
    """One sample's folder while it is written."""

    def __init__(self, package: Path, folder: str) -> None:
        self._folder = package / "Samples~" / folder
        self._package = package
        self.files: dict[Path, str] = {}

    def text(self, name: str, text: str) -> Path:
        """A file as it is."""
        path = self._folder / name
        self.files[path] = text
        return path

    def asset(self, name: str, text: str) -> u.Reference:
        """An asset; a reference to it."""
        return u.Reference(u.ASSET_FILE_ID, self._guid(self.text(name, text)))

    def text_asset(self, name: str, text: str) -> u.Reference:
        """A file that Unity imports as text; a reference to it."""
        return u.Reference(4900000, self._guid(self.text(name, text)), 3)

    def script(self, name: str) -> str:
        """The GUID of a script that lies in the sample."""
        return self._guid(self._folder / name)

    def _guid(self, path: Path) -> str:
        meta = write_metas.meta_of(path)
        if meta.exists():
            return guid(path)
        return re.findall(r"guid: (\w+)", write_metas.meta_text(path, self._package))[0]
