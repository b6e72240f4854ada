"""The Unity package is complete as Unity wants it; its C# messages are those of the contract."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CLIENT = REPOSITORY / "unity_client"
PACKAGE = CLIENT / "Packages" / "com.attune.xr"
STORED = {
    "MonoBehaviour",
    "ScriptableObject",
    "EditorWindow",
    "Marker",
    "Agent",
    "VariableStorageBehaviour",
}
"""Classes of Unity and of packages whose descendants Unity finds by the name of their file."""

GENERATED = PACKAGE / "Runtime" / "Protocol" / "Generated"

sys.path.insert(0, str(CLIENT / "tools"))
import asmdefs  # noqa: E402
import write_metas  # noqa: E402


def _scripts() -> list[Path]:
    return [path for path in write_metas.assets(PACKAGE) if path.suffix == ".cs"]


def _assemblies() -> list[tuple[Path, dict[str, object]]]:
    return [
        (path, json.loads(path.read_text()))
        for path in write_metas.assets(PACKAGE)
        if path.suffix == ".asmdef"
    ]


def test_every_asset_has_a_meta_file() -> None:
    missing = [p for p in write_metas.assets(PACKAGE) if not write_metas.meta_of(p).exists()]
    assert not missing, "run python3 unity_client/tools/write_metas.py"


def test_no_meta_file_is_an_orphan() -> None:
    wanted = {write_metas.meta_of(path) for path in write_metas.assets(PACKAGE)}
    assert set(PACKAGE.rglob("*.meta")) <= wanted


def test_no_guid_occurs_twice() -> None:
    guids = Counter(
        re.search(r"^guid: ([0-9a-f]{32})$", meta.read_text(), re.MULTILINE)[1]  # type: ignore[index]
        for meta in PACKAGE.rglob("*.meta")
    )
    assert guids
    assert max(guids.values()) == 1


def test_a_new_asset_gets_the_same_meta_file_everywhere(tmp_path: Path) -> None:
    written = []
    for place in ("here", "there"):
        package = tmp_path / place / "com.attune.xr"
        (package / "Samples~" / "Minimal").mkdir(parents=True)
        (package / "Samples~" / "Minimal" / "Scene.unity").write_text("scene")
        (package / "Documentation~").mkdir()
        (package / "Documentation~" / "index.md").write_text("text")
        metas = write_metas.write_missing(package)
        written.append({str(meta.relative_to(package)): meta.read_text() for meta in metas})
    assert written[0] == written[1]
    assert set(written[0]) == {"Samples~/Minimal.meta", "Samples~/Minimal/Scene.unity.meta"}


def test_every_script_switches_nullable_on_in_its_first_line() -> None:
    written = [path for path in _scripts() if not path.is_relative_to(GENERATED)]
    assert written
    first_lines = {path: path.read_text(encoding="utf-8-sig").split("\n")[0] for path in written}
    assert not [path for path, line in first_lines.items() if line != "#nullable enable"]


def test_every_script_belongs_to_an_assembly() -> None:
    roots = [path.parent for path, _ in _assemblies()]
    loose = [p for p in _scripts() if not any(p.is_relative_to(root) for root in roots)]
    assert not loose


def test_what_unity_stores_stands_in_a_file_of_its_own_name() -> None:
    """A component, asset or marker in a file of another name cannot be loaded again."""
    bases: dict[str, tuple[str, Path]] = {}
    for path in _scripts():
        for name, base in re.findall(r"\bclass (\w+) : ([\w.]+)", path.read_text("utf-8-sig")):
            bases[name] = (base.rsplit(".")[-1], path)

    def is_stored(name: str) -> bool:
        return name in STORED or (name in bases and is_stored(bases[name][0]))

    stored = {name: path for name, (_, path) in bases.items() if is_stored(name)}
    assert {"AttuneSession", "WebCamFrameSource", "BeatNotification", "AttuneWindow"} <= set(stored)
    assert not {name: path.name for name, path in stored.items() if path.stem != name}


def test_no_component_gives_itself_children_while_it_is_switched_on() -> None:
    # Unity refuses a new parent that is just being activated; panels are made in the first frame.
    handler = re.compile(r"void (?:Awake|OnEnable|OnDisable)\(\)\s*\{(.*?)\n        \}", re.DOTALL)
    bodies = [
        (path.name, body)
        for path in _scripts()
        if path.is_relative_to(PACKAGE / "Runtime")
        for body in handler.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(bodies) > 20
    assert [name for name, body in bodies if re.search(r"new FlatPanel\(|SetParent\(", body)] == []


def test_assemblies_refer_to_one_another_and_to_unity_or_are_optional() -> None:
    names = {assembly["name"] for _, assembly in _assemblies()}
    for path, assembly in _assemblies():
        assert path.stem == assembly["name"]
        references = set(assembly["references"])  # type: ignore[call-overload]
        assert references <= names | asmdefs.TEST_RUNNER | set(asmdefs.STAND_INS)


def test_what_needs_protobuf_is_left_out_of_a_project_without_it() -> None:
    needing = {"Attune.Protocol", "Attune.Transport"}
    for _, assembly in _assemblies():
        constraints = assembly["defineConstraints"]
        references = set(assembly["references"])  # type: ignore[call-overload]
        touches = assembly["name"] in needing or bool(references & needing)
        assert touches == ("ATTUNE_PROTOBUF" in constraints)  # type: ignore[operator]
        assert touches == ("Google.Protobuf.dll" in assembly["precompiledReferences"])  # type: ignore[operator]
        if touches:
            defines = [entry["define"] for entry in assembly["versionDefines"]]  # type: ignore[attr-defined]
            assert "ATTUNE_PROTOBUF" in defines


def test_the_package_asks_for_nothing_that_a_project_may_lack() -> None:
    manifest = json.loads((PACKAGE / "package.json").read_text())
    dependencies = manifest.get("dependencies", {})
    assert all(name.startswith("com.unity.modules.") for name in dependencies)
    for sample in manifest.get("samples", []):
        assert (PACKAGE / sample["path"]).is_dir()
    assert f"## [{manifest['version']}]" in (PACKAGE / "CHANGELOG.md").read_text()


def test_the_package_has_one_public_address_and_the_files_that_stand_in_for_it() -> None:
    manifest = json.loads((PACKAGE / "package.json").read_text())
    addresses = [
        urlsplit(manifest[name]) for name in ("documentationUrl", "changelogUrl", "licensesUrl")
    ]
    assert {(address.scheme, address.netloc) for address in addresses} == {
        ("https", addresses[0].netloc)
    }
    # What Unity's Package Manager opens when an address cannot be reached.
    for name in ("Documentation~/index.md", "CHANGELOG.md", "LICENSE.md"):
        assert (PACKAGE / name).is_file()


def _protoc() -> str:
    beside = REPOSITORY.parent / "shared" / "toolchain" / "protoc" / "bin" / "protoc"
    found = shutil.which("protoc") or (str(beside) if beside.exists() else None)
    if found is None:
        pytest.skip("needs protoc 35.1 on PATH")
    asked = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    if asked.stdout.split() != ["libprotoc", "35.1"]:
        pytest.skip(f"needs protoc 35.1, found {asked.stdout.strip()}")
    return found


def test_the_csharp_messages_are_those_of_the_contract(tmp_path: Path) -> None:
    root = REPOSITORY / "protos"
    protos = sorted(root.rglob("attune/v1/*.proto"))
    subprocess.run(
        [_protoc(), "-I", str(root), f"--csharp_out={tmp_path}", *map(str, protos)], check=True
    )
    fresh = {path.name: path.read_text() for path in tmp_path.glob("*.cs")}
    committed = {path.name: path.read_text() for path in GENERATED.glob("*.cs")}
    assert fresh == committed, "run make protos-csharp"
