"""The samples' scenes are what Unity opens: references lead somewhere, and fields exist."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
CLIENT = REPOSITORY / "unity_client"
PACKAGE = CLIENT / "Packages" / "com.attune.xr"

sys.path.insert(0, str(CLIENT / "tools"))
import sample_assets  # noqa: E402
import write_metas  # noqa: E402
import write_samples  # noqa: E402

SERIALIZED = sorted(
    path
    for path in PACKAGE.rglob("*")
    if path.suffix in {".unity", ".prefab", ".asset"} and path.is_file()
)
OF_UNITY = {
    "0000000000000000e000000000000000": {10202, 10207, 10209},
    "0000000000000000f000000000000000": {10303},
}
NATIVE_METHODS = {"UnityEngine.GameObject, UnityEngine": {"SetActive": 6}}
OF_EVERY_SCRIPT = {"m_GameObject", "m_Enabled", "m_EditorHideFlags", "m_Script", "m_Name"}
FIELD = re.compile(
    r"\[SerializeField\](?:\s*\[[^\]]*\])*\s*(?:private|protected)\s+(\S+)\s+(\w+)\s*[=;]"
)
HEADER = re.compile(r"^--- !u!(\d+) &(\d+)$", re.MULTILINE)

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Objects = dict[int, tuple[int, str, dict[str, Any]]]


def _guids() -> dict[str, Path]:
    found = {}
    for path in write_metas.assets(PACKAGE):
        found[sample_assets.guid(path)] = path
    return found


GUIDS = _guids()


@cache
def _objects(path: Path) -> Objects:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("%YAML 1.1\n%TAG !u! tag:unity3d.com,2011:\n")
    parts = HEADER.split(text)[1:]
    objects: Objects = {}
    for class_id, file_id, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        ((type_name, fields),) = yaml.load(body, Loader=LOADER).items()
        assert int(file_id) not in objects, f"&{file_id} stands there twice"
        objects[int(file_id)] = (int(class_id), type_name, fields)
    return objects


def _references(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "fileID" in value:
            yield value
        else:
            for one in value.values():
                yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


class Source:
    """The serialized fields of the classes in the package's C# sources, as Unity sees them."""

    def __init__(self) -> None:
        self.bases: dict[str, str] = {}
        self.fields: dict[str, dict[str, str]] = {}
        self.methods: dict[str, set[str]] = {}
        self.files: dict[str, Path] = {}
        for path in write_metas.assets(PACKAGE):
            if path.suffix == ".cs" and "Generated" not in path.parts:
                self._read(path)

    def _read(self, path: Path) -> None:
        text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', path.read_text(encoding="utf-8-sig"))
        text = re.sub(r"//[^\n]*", "", text)
        for found in re.finditer(r"\bclass (\w+)(?:\s*:\s*(\w+))?[^{;]*\{", text):
            name, body = found[1], _block(text, found.end())
            nested = re.sub(r"\bclass \w+[^{;]*\{", "{", body)
            own = _without_blocks(nested)
            self.files[name] = path
            self.bases[name] = found[2] or ""
            self.fields[name] = {field[2]: field[1] for field in FIELD.finditer(own)}
            self.methods[name] = set(
                re.findall(r"\bpublic (?:virtual |override )?void (\w+)\(", own)
            )

    def all_fields(self, name: str) -> dict[str, str]:
        """Of a class and what it derives from."""
        own = self.fields.get(name, {})
        base = self.bases.get(name, "")
        return {**(self.all_fields(base) if base in self.fields else {}), **own}


def _block(text: str, begin: int) -> str:
    depth = 1
    for at in range(begin, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[begin:at]
    return text[begin:]


def _without_blocks(body: str) -> str:
    kept, depth = [], 0
    for letter in body:
        depth -= letter == "}"
        if depth == 0:
            kept.append(letter)
        depth += letter == "{"
    return "".join(kept)


SOURCE = Source()


def _check_fields(name: str, fields: dict[str, Any], where: str) -> None:
    known = SOURCE.all_fields(name)
    for field, value in fields.items():
        assert field in known, f"{where}: {name} has no serialized field '{field}'"
        kind = known[field].rstrip("?")
        if kind.endswith("[]") and kind[:-2] in SOURCE.fields:
            for item in value:
                if "fileID" not in item:
                    _check_fields(kind[:-2], item, where)
        if kind.startswith("UnityEvent"):
            assert set(value) == {"m_PersistentCalls"}


@pytest.mark.parametrize("path", SERIALIZED, ids=lambda path: path.name)
def test_every_reference_leads_somewhere(path: Path) -> None:
    objects = _objects(path)
    for class_id, type_name, fields in objects.values():
        for reference in _references(fields):
            guid, file_id = reference.get("guid"), reference["fileID"]
            if guid in OF_UNITY:
                assert file_id in OF_UNITY[guid]
            elif guid is not None:
                assert guid in GUIDS, f"{type_name} {class_id} refers to the unknown asset {guid}"
                expected = {".cs": 11500000, ".asset": 11400000, ".txt": 4900000}
                assert file_id == expected[GUIDS[guid].suffix]
            elif file_id:
                assert file_id in objects, f"{type_name} refers to &{file_id}, which is not there"


@pytest.mark.parametrize("path", SERIALIZED, ids=lambda path: path.name)
def test_every_script_exists_and_has_the_fields_that_are_stored(path: Path) -> None:
    for class_id, _, fields in _objects(path).values():
        if class_id != 114:
            continue
        script = GUIDS[fields["m_Script"]["guid"]]
        assert SOURCE.files[script.stem] == script, "Unity finds a component by its file's name"
        own = {name: value for name, value in fields.items() if name not in OF_EVERY_SCRIPT}
        _check_fields(script.stem, own, f"{path.name}, {script.stem}")


def test_the_yarn_sample_gives_no_command_that_nobody_takes() -> None:
    story = (PACKAGE / "Samples~" / "Yarn" / "Hall.yarn").read_text(encoding="utf-8")
    sources = "".join(
        path.read_text(encoding="utf-8") for path in (PACKAGE / "Runtime" / "Yarn").glob("*.cs")
    )
    names = dict(re.findall(r'const string (\w+) = "([^"]+)"', sources))
    taken = {names[name] for name in re.findall(r"AddCommandHandler\((\w+),", sources)}
    given = set(re.findall(r"<<(\w+)", story)) - {"if", "else", "endif"}
    assert given
    assert given <= taken


@pytest.mark.parametrize("path", SERIALIZED, ids=lambda path: path.name)
def test_every_event_calls_a_method_that_its_target_has(path: Path) -> None:
    objects = _objects(path)

    def calls(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if "m_MethodName" in value:
                yield value
            for one in value.values():
                yield from calls(one)
        elif isinstance(value, list):
            for one in value:
                yield from calls(one)

    for _, _, fields in objects.values():
        for one in calls(fields):
            target, method = objects[one["m_Target"]["fileID"]], one["m_MethodName"]
            declaring = one["m_TargetAssemblyTypeName"]
            if declaring in NATIVE_METHODS:
                assert target[1] == "GameObject"
                assert NATIVE_METHODS[declaring][method] == one["m_Mode"]
            else:
                name = declaring.split(",")[0].rsplit(".", 1)[1]
                assert GUIDS[target[2]["m_Script"]["guid"]].stem == name
                assert method in SOURCE.methods[name]


@pytest.mark.parametrize(
    "path", [p for p in SERIALIZED if p.suffix != ".asset"], ids=lambda path: path.name
)
def test_objects_and_their_components_know_one_another(path: Path) -> None:
    objects = _objects(path)
    for file_id, (class_id, _, fields) in objects.items():
        if class_id == 1:
            for entry in fields["m_Component"]:
                component = objects[entry["component"]["fileID"]]
                assert component[2]["m_GameObject"]["fileID"] == file_id
        elif class_id == 4:
            for child in fields["m_Children"]:
                assert objects[child["fileID"]][2]["m_Father"]["fileID"] == file_id
        elif class_id == 114 and "session" in fields:
            session = objects[fields["session"]["fileID"]][2]
            assert GUIDS[session["m_Script"]["guid"]].stem == "AttuneSession"
    if path.suffix == ".unity":
        (roots,) = [fields for class_id, _, fields in objects.values() if class_id == 1660057539]
        transforms = {
            file_id
            for file_id, (class_id, _, fields) in objects.items()
            if class_id == 4 and fields["m_Father"]["fileID"] == 0
        }
        assert {root["fileID"] for root in roots["m_Roots"]} == transforms


def test_the_samples_are_those_that_the_script_writes() -> None:
    for path, text in write_samples.files().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"run unity_client/tools/write_samples.py: {path.name} differs"
        )


def test_every_folder_of_samples_is_listed_in_the_package() -> None:
    manifest = yaml.safe_load((PACKAGE / "package.json").read_text())
    listed = {sample["path"] for sample in manifest["samples"]}
    assert listed == {f"Samples~/{folder}" for folder in write_samples.SAMPLES}
    assert all((PACKAGE / path).is_dir() for path in listed)


@pytest.mark.parametrize("folder", ["Minimal", "SimulatedVisitor", "Memorial", "Replay"])
def test_a_sample_for_everybody_uses_no_assembly_that_a_project_may_lack(folder: str) -> None:
    for path in (PACKAGE / "Samples~" / folder).iterdir():
        if path.suffix not in {".unity", ".asset"}:
            continue
        for class_id, _, fields in _objects(path).values():
            if class_id == 114:
                script = GUIDS[fields["m_Script"]["guid"]]
                assert script.is_relative_to(PACKAGE / "Runtime" / "Unity")


def test_every_script_that_stands_for_a_permission_exists() -> None:
    text = (PACKAGE / "Editor" / "Android" / "FeaturesInUse.cs").read_text(encoding="utf-8")
    scripts = re.findall(r'\["(\w+\.cs)"\]', text)
    assert scripts
    assert all(list((PACKAGE / "Runtime").rglob(script)) for script in scripts)


def test_no_sample_needs_text_mesh_pro_or_the_user_interface_package() -> None:
    for path in (PACKAGE / "Samples~").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert "TMPro" not in text
            assert "UnityEngine.UI" not in text


def test_looking_straight_ahead_answers_nothing() -> None:
    """A headset on its stand looks somewhere too; the prompt's answers lie below that."""
    for path in SERIALIZED:
        for _, _, fields in _objects(path).values():
            if fields.get("m_Name") == "Consent prompt":
                objects = _objects(path)
                transform = objects[fields["m_Component"][0]["component"]["fileID"]][2]
                head = next(
                    objects[one["m_Component"][0]["component"]["fileID"]][2]
                    for class_id, _, one in objects.values()
                    if class_id == 1 and one["m_Name"] == "Head"
                )
                above = head["m_LocalPosition"]["y"] - transform["m_LocalPosition"]["y"]
                assert above > 0.05, "the answers begin 2 cm above the prompt's middle"
