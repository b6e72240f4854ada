"""`python -m tools.vision.fit_occlusion`: fits what tells headsets and hands from eyes and mouths.

Faces of FER2013's training split are measured bare, with a painted headset of the outline families
that training may use, and with painted fingers over the mouth; every second one is darkened first,
because those faces are mostly light. Rendered heads of all skin tones, bare and in headsets, join
them. Every fifth face, the last rendered people and all headsets of the unseen families are kept
for the figures printed at the end. Painted and rendered, not real, occlusions.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

from attune.vision.appearance import (
    Chip,
    eye_patches,
    measure_surface,
    mouth_patch,
    slab_features,
    take_chip,
)
from attune.vision.crop import crop_matrix
from attune.vision.occlusion import EYE_LIMIT, OcclusionModel
from attune.vision.overlay import paint, placement_from_mesh
from attune.vision.overlay_shapes import SEEN_FAMILIES, UNSEEN_FAMILIES, draw_headset
from tools.train.points import find
from tools.train.sources import read_mosaics
from tools.vision.fingers import paint_fingers
from tools.vision.rendered_faces import rendered_faces
from tools.visitors.facekit import HOW_TO_GET

FACE_PX = 256
COMPONENTS = 16
KINDS = ("bare", "headset", "unseen headset", "fingers")
RENDERED = ("rendered bare", "rendered headset")
IDENTITIES, KEPT_FROM = range(600, 610), 608
"""Rendered people, and the first of those who are kept aside."""
DARKEST = 0.2


@dataclass(frozen=True, slots=True)
class Measured:
    """Features of n faces of one kind; `held_out` (n,) marks those never fitted on."""

    eyes: NDArray[np.float64]
    mouth: NDArray[np.float64]
    slab: NDArray[np.float64]
    held_out: NDArray[np.bool_]

    def part(self, *, held_out: bool) -> "Measured":
        """Return the fitted or the held-out faces."""
        keep = self.held_out == held_out
        return Measured(self.eyes[keep], self.mouth[keep], self.slab[keep], self.held_out[keep])


def measure(
    images: NDArray[np.uint8], meshes: NDArray[np.float32], seed: int
) -> dict[str, Measured]:
    """Return the features of every face in every kind of occlusion; meshes get a little noise."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[tuple[NDArray[np.float64], ...]]] = {kind: [] for kind in KINDS}
    for image, mesh in zip(images, meshes, strict=True):
        gray = cv2.resize(image, (FACE_PX, FACE_PX), interpolation=cv2.INTER_CUBIC)
        if len(rows["bare"]) % 2:
            gray = (gray * rng.uniform(DARKEST, 1)).astype(np.uint8)
        points = mesh * np.float32(FACE_PX / 48)
        placement = placement_from_mesh(points.astype(np.float64))
        variants = {
            "bare": gray,
            "headset": paint(gray, draw_headset(rng, SEEN_FAMILIES), placement).image,
            "unseen headset": paint(gray, draw_headset(rng, UNSEEN_FAMILIES), placement).image,
            "fingers": paint_fingers(gray, points, rng),
        }
        for kind, picture in variants.items():
            shift, wobble = rng.normal(0, 2, (1, 3)), rng.normal(0, 0.7, points.shape)
            tracked = (squeezed(points, rng, kind) + shift + wobble).astype(np.float32)
            rgb = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
            rows[kind].append(_features(take_chip(rgb, tracked, crop_matrix(tracked))))
    held_out = np.arange(len(images)) % 5 == 0
    return {kind: _stacked(found, held_out) for kind, found in rows.items()}


def measure_rendered(facekit: Path) -> dict[str, Measured]:
    """Return the features of rendered faces, bare and in headsets."""
    rows: dict[str, list[tuple[NDArray[np.float64], ...]]] = {kind: [] for kind in RENDERED}
    kept: dict[str, list[bool]] = {kind: [] for kind in RENDERED}
    for face in track(rendered_faces(facekit, IDENTITIES), "Rendering heads"):
        kind = RENDERED[face.headset != "none"]
        chip = take_chip(face.image, face.mesh, crop_matrix(face.mesh))
        rows[kind].append(_features(chip))
        kept[kind].append(face.identity >= KEPT_FROM)
    return {kind: _stacked(rows[kind], np.array(kept[kind])) for kind in RENDERED}


def _features(chip: Chip) -> tuple[NDArray[np.float64], ...]:
    return eye_patches(chip), mouth_patch(chip), slab_features(chip, measure_surface(chip))


def _stacked(rows: list[tuple[NDArray[np.float64], ...]], held_out: NDArray[np.bool_]) -> Measured:
    return Measured(*(np.array(column) for column in zip(*rows, strict=True)), held_out)


def squeezed(
    points: NDArray[np.float32], rng: np.random.Generator, kind: str
) -> NDArray[np.float32]:
    """Return the mesh with its part above the base of the nose drawn towards it.

    That is what trackers do under a headset: they take its lower edge for eyes or brows.
    """
    factor = rng.uniform(0.4, 1.05) if "headset" in kind else rng.uniform(0.9, 1.1)
    moved = points.copy()
    above = np.minimum(points[:, 1] - points[2, 1], 0)
    moved[:, 1] += (factor - 1) * above
    return moved


def fit_logistic(
    positive: NDArray[np.float64],
    negative: NDArray[np.float64],
    ridge: float,
    counts: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return weights and, last, the offset of a ridge-penalised logistic regression (Newton).

    `counts` says how often each row, positive before negative, is to count; once by default.
    """
    x = np.concatenate([positive, negative])
    x = np.column_stack([x, np.ones(len(x))])
    y = np.concatenate([np.ones(len(positive)), np.zeros(len(negative))])
    counts = np.ones(len(x)) if counts is None else counts
    penalty = np.diag([ridge] * (x.shape[1] - 1) + [1e-6])
    weights = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (counts * (p - y)) + penalty @ weights
        curve = (x * (counts * np.maximum(p * (1 - p), 1e-6))[:, None]).T @ x + penalty
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def fit(measured: dict[str, Measured]) -> OcclusionModel:
    """Return the model fitted on the faces that are not held out."""
    parts = {kind: faces.part(held_out=False) for kind, faces in measured.items()}
    bare, headset, fingers = parts["bare"], parts["headset"], parts["fingers"]
    covered = [(headset, 1.0)]
    uncovered = [(bare, 1.0), (fingers, 1.0)]
    if all(kind in parts for kind in RENDERED):
        plain, worn = (parts[kind] for kind in RENDERED)
        covered.append((worn, 1.0))
        uncovered.append((plain, len(worn.slab) / len(plain.slab)))
    seen, hidden = (
        (
            np.concatenate([faces.eyes.reshape(-1, 216) for faces, _ in group]),
            np.concatenate([np.full(2 * len(faces.eyes), count) for faces, count in group]),
        )
        for group in (uncovered, covered)
    )
    eye = fit_logistic(seen[0], hidden[0], 60, np.concatenate([seen[1], hidden[1]]))
    mouths = np.concatenate([bare.mouth, headset.mouth])
    mean = mouths.mean(axis=0)
    _, singular, rows = np.linalg.svd(mouths - mean, full_matrices=False)
    scale = singular[:COMPONENTS] / np.sqrt(len(mouths))
    model = OcclusionModel(
        eye, np.zeros(13), mean, rows[:COMPONENTS] / scale[:, None], scale, np.zeros(34)
    )
    slab = fit_logistic(
        np.concatenate([slab_inputs(eye, faces) for faces, _ in covered]),
        np.concatenate([slab_inputs(eye, faces) for faces, _ in uncovered]),
        3,
        np.concatenate(
            [np.full(len(faces.slab), count) for faces, count in (*covered, *uncovered)]
        ),
    )
    mouth = fit_logistic(
        np.array([model.mouth_features(patch) for patch in mouths]),
        np.array([model.mouth_features(patch) for patch in fingers.mouth]),
        ridge=10,
    )
    return OcclusionModel(eye, slab, mean, model.mouth_basis, scale, mouth)


def slab_inputs(eye: NDArray[np.float64], faces: Measured) -> NDArray[np.float64]:
    """Return (n, 12): the stronger and the weaker eye, and the ten measures of the surface."""
    soft = np.tanh((faces.eyes @ eye[:-1] + eye[-1]) / EYE_LIMIT) * EYE_LIMIT
    return np.column_stack([soft.max(axis=1), soft.min(axis=1), faces.slab])


def area_under_curve(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """Return the chance that a positive scores above a negative."""
    ranks = np.concatenate([positive, negative]).argsort().argsort()
    n = len(positive)
    return float((ranks[:n].sum() - n * (n - 1) / 2) / (n * len(negative)))


def report(model: OcclusionModel, measured: dict[str, Measured]) -> Table:
    """Return a table of held-out figures."""
    headset, mouth = {}, {}
    kinds = tuple(measured)
    for kind in kinds:
        faces = measured[kind].part(held_out=True)
        headset[kind] = slab_inputs(model.eye, faces) @ model.slab[:-1] + model.slab[-1]
        features = np.array([model.mouth_features(patch) for patch in faces.mouth])
        mouth[kind] = features @ model.mouth[:-1] + model.mouth[-1]
    table = Table("held-out faces", "n", "headset seen", "AUC", "mouth seen", "AUC")
    for kind in kinds:
        covered, hidden = "headset" in kind, kind == "fingers"
        plain = RENDERED[0] if kind in RENDERED else "bare"
        table.add_row(
            kind,
            str(len(headset[kind])),
            f"{(headset[kind] > 0).mean():.1%}",
            f"{area_under_curve(headset[kind], headset[plain]):.4f}" if covered else "",
            f"{(mouth[kind] > 0).mean():.1%}",
            f"{area_under_curve(mouth['bare'], mouth[kind]):.3f}" if hidden else "",
        )
    return table


def main(
    fer2013: Annotated[Path, typer.Option(help="Folder of FER2013's mosaics and index.csv.")],
    facekit: Annotated[
        Path | None,
        typer.Option(help=f"The head model of the rendered faces; {HOW_TO_GET}. Without it: none."),
    ] = None,
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("calibration/occlusion.npz"),
    count: Annotated[int, typer.Option(min=100, help="Faces to measure.")] = 1800,
    seed: int = 1,
) -> None:
    """Fit the occlusion model and print how well it does on faces kept aside."""
    images, rows = read_mosaics(fer2013)
    training = [k for k, row in enumerate(rows) if row["usage"] == "training"]
    picked = images[np.random.default_rng(seed).permutation(training)[:count]]
    with Progress() as progress:
        task = progress.add_task("Finding faces", total=count)
        meshes = find(picked, lambda done: progress.update(task, completed=done))
    found = np.isfinite(meshes[:, 0, 0])
    measured = measure(picked[found], meshes[found].astype(np.float32), seed)
    if facekit is not None:
        measured |= measure_rendered(facekit)
    model = fit(measured)
    np.savez_compressed(
        out,
        **{name: getattr(model, name).astype(np.float32) for name in OcclusionModel.__slots__},
    )
    Console().print(report(model, measured), f"written: {out}")


if __name__ == "__main__":
    typer.run(main)
