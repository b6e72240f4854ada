"""Write scenes, prefabs and assets in Unity's YAML: only what differs from Unity's own defaults.

Unity fills in what a document leaves out, so that a scene stays readable and independent of the
editor's version. File identifiers count up in the order of writing: the same calls give the same
file everywhere.
"""

from dataclasses import dataclass, field
from typing import Any

HEADER = "%YAML 1.1\n%TAG !u! tag:unity3d.com,2011:\n"
BUILT_IN_MESHES = {"cube": 10202, "sphere": 10207, "plane": 10209}
BUILT_IN_RESOURCES = "0000000000000000e000000000000000"
BUILT_IN_EXTRA = "0000000000000000f000000000000000"
DEFAULT_MATERIAL = 10303
SCRIPT_FILE_ID = 11500000
ASSET_FILE_ID = 11400000

# Class identifiers of Unity's native objects.
GAME_OBJECT, TRANSFORM, CAMERA, RENDERER, FILTER = 1, 4, 20, 23, 33
AUDIO_LISTENER, RENDER_SETTINGS, LIGHT, SCRIPT = 81, 104, 108, 114
SCENE_ROOTS = 1660057539

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Reference:
    """A reference to an object of this file, or of an asset."""

    file_id: int
    guid: str = ""
    kind: int = 2

    def __str__(self) -> str:
        if self.guid:
            return f"{{fileID: {self.file_id}, guid: {self.guid}, type: {self.kind}}}"
        return f"{{fileID: {self.file_id}}}"


NOTHING = Reference(0)


def flow(**values: float) -> str:
    """A struct in one line, such as a vector."""
    return "{" + ", ".join(f"{name}: {value:g}" for name, value in values.items()) + "}"


def vector(xyz: Vector) -> str:
    """A Vector3."""
    return flow(x=xyz[0], y=xyz[1], z=xyz[2])


def colour(r: float, g: float, b: float) -> str:
    """An opaque Color."""
    return flow(r=r, g=g, b=b, a=1)


def event(*calls: dict[str, Any]) -> dict[str, Any]:
    """A UnityEvent with the calls that the editor would have stored."""
    return {"m_PersistentCalls": {"m_Calls": list(calls)}}


def call(
    target: Reference,
    declaring: str,
    method: str,
    *,
    argument: Reference | None = None,
    argument_type: str = "UnityEngine.Object, UnityEngine",
    flag: bool | None = None,
) -> dict[str, Any]:
    """One call of an event, with an object, a boolean or nothing as its argument."""
    mode = 2 if argument is not None else 6 if flag is not None else 1
    return {
        "m_Target": target,
        "m_TargetAssemblyTypeName": declaring,
        "m_MethodName": method,
        "m_Mode": mode,
        "m_Arguments": {
            "m_ObjectArgument": argument or NOTHING,
            "m_ObjectArgumentAssemblyTypeName": argument_type,
            "m_IntArgument": 0,
            "m_FloatArgument": 0,
            "m_StringArgument": "",
            "m_BoolArgument": int(bool(flag)),
        },
        "m_CallState": 2,
    }


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        plain = (
            value and all(c.isalnum() or c in " ._,/-" for c in value) and value == value.strip()
        )
        if plain or value.startswith("{"):
            return value
        return "'" + value.replace("'", "''") + "'" if value else ""
    return str(value)


def body(fields: dict[str, Any], indent: int) -> str:
    """Fields as YAML, the way Unity indents them."""
    lines = []
    space = " " * indent
    for name, value in fields.items():
        if isinstance(value, dict):
            lines.append(f"{space}{name}:\n{body(value, indent + 2)}")
        elif isinstance(value, list) and not value:
            lines.append(f"{space}{name}: []\n")
        elif isinstance(value, list):
            lines.append(f"{space}{name}:\n")
            for item in value:
                if isinstance(item, dict):
                    inner = body(item, indent + 2)
                    lines.append(f"{space}- {inner[indent + 2 :]}")
                else:
                    lines.append(f"{space}- {_scalar(item)}\n")
        else:
            text = _scalar(value)
            lines.append(f"{space}{name}: {text}\n" if text else f"{space}{name}: \n")
    return "".join(lines)


@dataclass
class Node:
    """A game object: its own reference and that of its transform."""

    reference: Reference
    transform: Reference
    components: list[Reference] = field(default_factory=list)
    children: list[Reference] = field(default_factory=list)


class Document:
    """A scene or a prefab that is being written."""

    def __init__(self) -> None:
        self._next = 100
        self._objects: list[tuple[int, int, str, dict[str, Any]]] = []
        self._roots: list[Reference] = []

    def add(self, class_id: int, type_name: str, fields: dict[str, Any]) -> Reference:
        """An object; its fields may be completed until the file is written."""
        self._next += 1
        self._objects.append((class_id, self._next, type_name, fields))
        return Reference(self._next)

    def node(
        self,
        name: str,
        parent: Node | None = None,
        *,
        at: Vector = (0, 0, 0),
        scale: Vector = (1, 1, 1),
        rotation: tuple[float, float, float, float] = (0, 0, 0, 1),
        active: bool = True,
        tag: str = "Untagged",
    ) -> Node:
        """A game object with its transform."""
        components: list[dict[str, Any]] = []
        reference = self.add(
            GAME_OBJECT,
            "GameObject",
            {
                "serializedVersion": 6,
                "m_Component": components,
                "m_Layer": 0,
                "m_Name": name,
                "m_TagString": tag,
                "m_IsActive": int(active),
            },
        )
        children: list[Reference] = []
        x, y, z, w = rotation
        transform = self.add(
            TRANSFORM,
            "Transform",
            {
                "m_GameObject": reference,
                "m_LocalRotation": flow(x=x, y=y, z=z, w=w),
                "m_LocalPosition": vector(at),
                "m_LocalScale": vector(scale),
                "m_Children": children,
                "m_Father": parent.transform if parent else NOTHING,
            },
        )
        components.append({"component": transform})
        made = Node(reference, transform, components, children)  # type: ignore[arg-type]
        if parent:
            parent.children.append(transform)
        else:
            self._roots.append(transform)
        return made

    def component(
        self, node: Node, class_id: int, type_name: str, fields: dict[str, Any]
    ) -> Reference:
        """A component of Unity's own."""
        reference = self.add(
            class_id, type_name, {"m_GameObject": node.reference, "m_Enabled": 1, **fields}
        )
        node.components.append({"component": reference})  # type: ignore[arg-type]
        return reference

    def script(self, node: Node, guid: str, fields: dict[str, Any]) -> Reference:
        """A component that a script defines."""
        return self.component(
            node,
            SCRIPT,
            "MonoBehaviour",
            {
                "m_EditorHideFlags": 0,
                "m_Script": Reference(SCRIPT_FILE_ID, guid, 3),
                "m_Name": "",
                **fields,
            },
        )

    def mesh(self, node: Node, shape: str) -> None:
        """One of Unity's own shapes. Its material is chosen when the scene runs."""
        mesh = Reference(BUILT_IN_MESHES[shape], BUILT_IN_RESOURCES, 0)
        filter_fields = {"m_GameObject": node.reference, "m_Mesh": mesh}
        node.components.append(  # type: ignore[arg-type]
            {"component": self.add(FILTER, "MeshFilter", filter_fields)}
        )
        material = Reference(DEFAULT_MATERIAL, BUILT_IN_EXTRA, 0)
        self.component(node, RENDERER, "MeshRenderer", {"m_Materials": [material]})

    def text(self, *, scene: bool) -> str:
        """The file."""
        if scene:
            roots = {"m_ObjectHideFlags": 0, "m_Roots": self._roots}
            self._objects.append((SCENE_ROOTS, 9223372036854775807, "SceneRoots", roots))
        return HEADER + "".join(
            f"--- !u!{class_id} &{file_id}\n{type_name}:\n{body(fields, 2)}"
            for class_id, file_id, type_name, fields in self._objects
        )


def asset(guid: str, name: str, fields: dict[str, Any]) -> str:
    """A ScriptableObject of a script."""
    fields = {
        "m_GameObject": NOTHING,
        "m_Enabled": 1,
        "m_EditorHideFlags": 0,
        "m_Script": Reference(SCRIPT_FILE_ID, guid, 3),
        "m_Name": name,
        **fields,
    }
    return f"{HEADER}--- !u!{SCRIPT} &{ASSET_FILE_ID}\nMonoBehaviour:\n{body(fields, 2)}"
