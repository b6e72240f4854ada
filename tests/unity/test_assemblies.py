"""Every .asmdef says the same as the project that stands for it without Unity; nothing is left out
of either, and what the code uses of Unity's built-in modules is what the package asks for."""

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

CLIENT = Path(__file__).resolve().parents[2] / "unity_client"
PACKAGE = CLIENT / "Packages" / "com.attune.xr"
HEADLESS = CLIENT / "headless"

sys.path.insert(0, str(CLIENT / "tools"))
import asmdefs  # noqa: E402

ASSEMBLIES = {one.name: one for one in asmdefs.assemblies()}
SHIPPED = {
    name: one
    for name, one in ASSEMBLIES.items()
    if "UNITY_INCLUDE_TESTS" not in one.settings["defineConstraints"]
    and "Samples~" not in one.path.parts
}

# Packages whose presence defines a symbol, from which version on.
VERSION_DEFINES = {
    "ATTUNE_PROTOBUF": ("org.nuget.google.protobuf", "3.25.1"),
    "ATTUNE_YET_ANOTHER_HTTP": ("com.cysharp.yetanotherhttphandler", "1.11.5"),
    "ATTUNE_META_MRUK": ("com.meta.xr.mrutilitykit", "81.0.0"),
    "ATTUNE_META_FACE": ("com.meta.xr.sdk.core", "71.0.0"),
    "ATTUNE_INK": ("com.inkle.ink-unity-integration", "1.1.0"),
    "ATTUNE_YARN": ("dev.yarnspinner.unity", "3.0.0"),
    "ATTUNE_TIMELINE": ("com.unity.timeline", "1.7.0"),
    "ATTUNE_MLAGENTS": ("com.unity.ml-agents", "2.0.0"),
    "ATTUNE_INPUT_SYSTEM": ("com.unity.inputsystem", "1.4.0"),
}

# What in a script tells that it needs one of Unity's built-in modules.
MODULES = {
    "com.unity.modules.androidjni": r"\bAndroidJava(Object|Class|Proxy)\b|\bUnityEngine\.Android\b",
    "com.unity.modules.audio": r"\bAudio(Source|Clip|Listener)\b|\b(Microphone|WebCamTexture)\b",
    "com.unity.modules.imageconversion": r"\bImageConversion\b|\.EncodeTo(JPG|PNG)\b",
    "com.unity.modules.unitywebrequest": r"\bUnityEngine\.Networking\b",
    "com.unity.modules.video": r"\bUnityEngine\.Video\b",
    "com.unity.modules.physics": r"\b(Raycast|Rigidbody|Collider|RaycastHit)\b",
    "com.unity.modules.imgui": r"\bGUILayout\b",
    "com.unity.modules.uielements": r"\bUnityEngine\.UIElements\b",
    "com.unity.modules.ui": r"\bCanvas\b",
    "com.unity.modules.animation": r"\bAnimator\b",
    "com.unity.modules.director": r"\bPlayableDirector\b",
    "com.unity.modules.jsonserialize": r"\bJsonUtility\b",
    "com.unity.modules.xr": r"\bUnityEngine\.XR\b",
}


def _project(name: str) -> ElementTree.ElementTree:
    path = HEADLESS / name / f"{name}.csproj"
    assert path.exists(), f"{name} has no project in unity_client/headless"
    return ElementTree.parse(path)


def _referenced(name: str) -> set[str]:
    names = {
        Path(one.attrib["Include"]).stem for one in _project(name).iter("ProjectReference")
    } | {f"{one.attrib['Include']}.dll" for one in _project(name).iter("PackageReference")}
    by_folder = {folder: assembly for assembly, folder in asmdefs.STAND_INS.items()}
    by_folder["StandIns.YarnCore"] = "YarnSpinner.dll"
    return {by_folder.get(one, one) for one in names}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_project_refers_to_what_its_assembly_refers_to(name: str) -> None:
    settings = SHIPPED[name].settings
    engine = {"UnityEngine", "UnityEditor"}
    if settings["includePlatforms"] != ["Editor"]:
        engine.remove("UnityEditor")
    if settings["noEngineReferences"]:
        engine.clear()
    asked = {*settings["references"], *settings["precompiledReferences"]}
    # A project passes on what it refers to; an assembly does not.
    assert _referenced(name) - engine <= asked
    missing = asked - _referenced(name)
    passed_on = {further for one in _referenced(name) & set(SHIPPED) for further in _all(one)}
    assert missing <= passed_on
    assert _referenced(name) & {"UnityEngine", "UnityEditor"} == engine


def _all(name: str) -> set[str]:
    direct = _referenced(name)
    return direct | {further for one in direct & set(SHIPPED) for further in _all(one)}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_project_compiles_the_scripts_of_its_assembly(name: str) -> None:
    folder = SHIPPED[name].path.parent.relative_to(PACKAGE).as_posix()
    compiled = [one.attrib["Include"] for one in _project(name).iter("Compile")]
    assert f"$(PackageRoot){folder}/**/*.cs" in compiled


@pytest.mark.parametrize("name", sorted(ASSEMBLIES))
def test_an_assembly_is_left_out_where_what_it_needs_is_missing(name: str) -> None:
    assembly = ASSEMBLIES[name]
    optional = set(assembly.references) & set(asmdefs.BROUGHT_BY)
    constraints = set(assembly.settings["defineConstraints"])
    defines = {entry["define"] for entry in assembly.settings["versionDefines"]}
    for reference in optional:
        assert asmdefs.BROUGHT_BY[reference] in constraints & defines, f"{name} needs {reference}"
    for inner in set(assembly.references) & set(ASSEMBLIES):
        needed = set(ASSEMBLIES[inner].settings["defineConstraints"])
        assert needed <= constraints, f"{name} is compiled where {inner} is not"


@pytest.mark.parametrize("name", sorted(ASSEMBLIES))
def test_a_symbol_stands_for_the_same_package_everywhere(name: str) -> None:
    for entry in ASSEMBLIES[name].settings["versionDefines"]:
        assert (entry["name"], entry["expression"]) == VERSION_DEFINES[entry["define"]]


def test_an_assembly_that_nothing_refers_to_is_linked_all_the_same() -> None:
    starts_itself = re.compile(r"RuntimeInitializeOnLoadMethod")
    referred_to = {one for assembly in SHIPPED.values() for one in assembly.references}
    for name, assembly in SHIPPED.items():
        scripts = [
            path.read_text(encoding="utf-8-sig")
            for path in assembly.sources(list(ASSEMBLIES.values()))
        ]
        if any(starts_itself.search(text) for text in scripts) and name not in referred_to:
            if assembly.settings["autoReferenced"]:
                continue
            assert any("[assembly: AlwaysLinkAssembly]" in text for text in scripts), name
            assert any("[Preserve]" in text for text in scripts), name


def test_the_linker_is_told_about_assemblies_that_exist() -> None:
    rules = (PACKAGE / "Editor" / "Hooks" / "LinkerRules.cs").read_text()
    kept = set(re.findall(r'fullname=\\"([\w.]+)\\"', rules))
    assert kept - set(ASSEMBLIES) == {"Google.Protobuf"}
    assert "Attune.Protocol" in kept


def test_the_package_asks_for_the_built_in_modules_that_it_uses() -> None:
    asked = set(json.loads((PACKAGE / "package.json").read_text())["dependencies"])
    used = {
        module
        for assembly in SHIPPED.values()
        # An optional assembly may count on what its package asks for.
        if not set(assembly.references) & set(asmdefs.STAND_INS)
        for path in assembly.sources(list(ASSEMBLIES.values()))
        for module, tell in MODULES.items()
        if re.search(tell, path.read_text(encoding="utf-8-sig"))
    }
    assert used <= asked
    project = json.loads((CLIENT / "Packages" / "manifest.json").read_text())["dependencies"]
    assert asked <= set(project)


@pytest.mark.parametrize("configuration", asmdefs.configurations(), ids=lambda one: one.name)
def test_every_project_compiles_core_scene_and_editor(configuration: asmdefs.Configuration) -> None:
    compiled = {name for name, one in ASSEMBLIES.items() if one.is_compiled(configuration)}
    assert {"Attune.Core", "Attune.Unity"} <= compiled
    assert ("Attune.Editor.Hooks" in compiled) == configuration.is_editor
    asking = {name for name in compiled if not ASSEMBLIES[name].optional <= configuration.packages}
    assert not asking


@pytest.mark.parametrize("name", sorted(one for one in SHIPPED if SHIPPED[one].optional))
def test_an_optional_assembly_is_compiled_with_what_it_asks_for_and_nothing_else(name: str) -> None:
    assembly = SHIPPED[name]
    six_only = "UNITY_6000_5_OR_NEWER" in assembly.settings["defineConstraints"]
    alone = {
        (one.editor, one.platform)
        for one in asmdefs.configurations()
        if one.packages == assembly.optional and assembly.is_compiled(one)
    }
    assert alone == {
        (editor, platform)
        for editor in asmdefs.EDITORS
        for platform in asmdefs.PLATFORMS
        if editor == "6000.5" or not six_only
    }


def test_either_input_back_end_is_tried_on_every_editor() -> None:
    tried = {
        (one.editor, one.platform, one.input, bool(one.packages))
        for one in asmdefs.configurations()
        if one.title in ("everything", "bare")
    }
    assert len(tried) == len(asmdefs.EDITORS) * len(asmdefs.PLATFORMS) * len(asmdefs.INPUTS) * 2


def test_play_mode_tests_are_compiled_for_players_too_and_never_shipped() -> None:
    tests = ASSEMBLIES["Attune.Tests.Runtime"]
    for configuration in asmdefs.configurations():
        assert tests.is_compiled(configuration) == (configuration.platform != "android")
