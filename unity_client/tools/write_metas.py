"""Write the missing .meta files of the Unity package; without one Unity ignores a packaged file.

A GUID is the MD5 of the path inside the package, so that everybody generates the same one. Existing
.meta files are never changed: let one move with its file. Needs Python alone:

    python3 unity_client/tools/write_metas.py
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "Packages" / "com.attune.xr"

_TAIL = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
_PLAIN = "  externalObjects: {}\n" + _TAIL
_SCRIPT = (
    "  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n"
    "  executionOrder: 0\n  icon: {instanceID: 0}\n" + _TAIL
)
_NATIVE = "NativeFormatImporter:\n  externalObjects: {{}}\n  mainObjectFileID: {}\n"
_IMPORTERS = {
    ".cs": "MonoImporter:\n" + _SCRIPT,
    ".asmdef": "AssemblyDefinitionImporter:\n" + _PLAIN,
    ".md": "TextScriptImporter:\n" + _PLAIN,
    ".txt": "TextScriptImporter:\n" + _PLAIN,
    ".json": "TextScriptImporter:\n" + _PLAIN,
    ".csv": "TextScriptImporter:\n" + _PLAIN,
    ".bytes": "TextScriptImporter:\n" + _PLAIN,
    ".prefab": "PrefabImporter:\n" + _PLAIN,
    ".asset": _NATIVE.format(11400000) + _TAIL,
    ".mat": _NATIVE.format(2100000) + _TAIL,
}


def assets(root: Path) -> Iterator[Path]:
    """Everything under `root` that Unity imports, in a package or in one of its samples.

    Unity skips names that begin with a dot or end in a tilde. `Samples~` itself is skipped too, but
    what lies in it is copied into projects, so that it needs its .meta files beforehand.
    """
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or path.suffix == ".meta":
            continue
        hidden = path.name.endswith("~")
        if hidden and path.name != "Samples~":
            continue
        if not hidden:
            yield path
        if path.is_dir():
            yield from assets(path)


def meta_of(path: Path) -> Path:
    """The .meta file beside an asset."""
    return path.with_name(path.name + ".meta")


def meta_text(path: Path, root: Path) -> str:
    """The .meta file of a new asset."""
    relative = path.relative_to(root).as_posix()
    guid = hashlib.md5(f"{root.name}/{relative}".encode(), usedforsecurity=False).hexdigest()
    if path.is_dir():
        importer = "folderAsset: yes\nDefaultImporter:\n" + _PLAIN
    elif relative == "package.json":
        importer = "PackageManifestImporter:\n" + _PLAIN
    else:
        importer = _IMPORTERS.get(path.suffix, "DefaultImporter:\n" + _PLAIN)
    return f"fileFormatVersion: 2\nguid: {guid}\n{importer}"


def write_missing(root: Path = PACKAGE) -> list[Path]:
    """Write what is missing; the .meta files written."""
    written = []
    for path in assets(root):
        meta = meta_of(path)
        if not meta.exists():
            meta.write_text(meta_text(path, root), encoding="utf-8", newline="\n")
            written.append(meta)
    return written


if __name__ == "__main__":
    for new in write_missing():
        print(new.relative_to(PACKAGE))
