"""The vision room's entrance: one image of a session in, what it shows of the wearer out."""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.config import VisionSettings
from attune.timeline import StageClock
from attune.vision import visibility as seen
from attune.vision.appearance import CHIP_PX, take_chip
from attune.vision.camera import CameraModel
from attune.vision.crop import crop_matrix, take_crop, without_upper_rows
from attune.vision.face import Box, Face, FaceCrop, HeadPose
from attune.vision.frame import Image
from attune.vision.landmarks import MESH_POINTS, to_68
from attune.vision.occlusion import Occlusion, OcclusionDetector
from attune.vision.pose import (
    PoseEstimate,
    estimate_pose,
    head_pose,
    pose_from_transform,
    turned_further,
)
from attune.vision.pose_smoothing import PoseFilter, PoseFusion
from attune.vision.quality import face_width_px, measure_quality
from attune.vision.tracker import FaceTracker, TrackedMesh, create_tracker
from attune.vision.wearer import Candidate, Region, TrackIdentities, WearerSelector

cv2.setNumThreads(1)

_LEAST_TRUST = 0.1
_WORST_FIT = 0.12
"""Largest reprojection error, as a share of the face's width, at which a mesh passes as a face."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one image showed.

    `wearer` and `crop` are None where the wearer was not found; `pose` may still come from the
    headset then. `bystanders` are the boxes of all other faces, to be blacked out before storing.
    """

    wearer: Face | None
    pose: HeadPose | None
    crop: FaceCrop | None
    bystanders: tuple[Box, ...]


class FaceObserver:
    """Watches one visitor; never shared between sessions, never reused for the next visitor.

    `region` is the station's part of the image (x, y, width, height as fractions);
    `declared_headset` what the device says it is, ``"none"`` for no headset, None for not said.
    The same images, times and poses give the same observations.
    """

    def __init__(
        self,
        settings: VisionSettings,
        region: tuple[float, float, float, float] | None = None,
        declared_headset: str | None = None,
    ) -> None:
        self._settings = settings
        self._tracker = create_tracker(settings)
        self._bystander_tracker: FaceTracker | None = None
        self._identities = TrackIdentities()
        self._bystander_identities = TrackIdentities()
        self._selector = WearerSelector(Region(*region) if region else None)
        self._declared_headset = declared_headset
        self._occlusion = OcclusionDetector(declared_headset)
        self._filter = PoseFilter()
        self._fusion = PoseFusion()
        self._track_id = 0

    def observe(
        self,
        image: Image,
        capture_time_ns: int,
        camera: CameraModel | None,
        headset_rotation: NDArray[np.float64] | None,
        stages: StageClock,
        *,
        tracking_epoch: int = 0,
    ) -> Observation:
        """Return what `image` shows.

        `camera` None assumes a field of view. `headset_rotation` is (3, 3) float64, headset to
        tracking frame, right-handed (x to the wearer's right, y down, z out of the face);
        `tracking_epoch` changes when the headset was recentred.
        """
        camera = _camera_for(image, camera)
        with stages.stage("track"):
            meshes = self._tracker.track(image, capture_time_ns)
        with stages.stage("pose"):
            found = self._found(meshes, camera, headset=self._occlusion.worn)
            ids = self._identities.match([one.box for one in found], capture_time_ns)
            candidates = [
                Candidate(
                    track_id,
                    one.box,
                    None
                    if headset_rotation is None
                    else self._fusion.disagreement_deg(one.pose, headset_rotation, tracking_epoch),
                )
                for track_id, one in zip(ids, found, strict=True)
            ]
            chosen = self._selector.choose(candidates, image.width, image.height, capture_time_ns)
            wearer = None if chosen is None else found[ids.index(chosen)]
            if chosen is not None and chosen != self._track_id:
                self._track_id = chosen
                self._occlusion.reset()
            pose = self._smooth(wearer, headset_rotation, tracking_epoch, camera, capture_time_ns)
        others = tuple(one.box for one in found if one is not wearer)
        if wearer is None:
            return Observation(None, pose, None, others)
        with stages.stage("crop"):
            face, crop = self._describe(
                image, wearer, self._track_id, self._occlusion, capture_time_ns
            )
        return Observation(face, pose, crop, others)

    def observe_bystanders(
        self, image: Image, capture_time_ns: int, stages: StageClock
    ) -> tuple[Face, ...]:
        """Return the faces that a camera looking away from the wearer sees."""
        if self._bystander_tracker is None:
            self._bystander_tracker = create_tracker(self._settings)
        camera = _camera_for(image, None)
        with stages.stage("track"):
            meshes = self._bystander_tracker.track(image, capture_time_ns)
        with stages.stage("pose"):
            found = self._found(meshes, camera, headset=False)
            ids = self._bystander_identities.match([one.box for one in found], capture_time_ns)
        with stages.stage("crop"):
            return tuple(
                self._describe(image, one, track_id, OcclusionDetector(), capture_time_ns)[0]
                for track_id, one in zip(ids, found, strict=True)
            )

    def close(self) -> None:
        """Free the trackers; the observer cannot be used again."""
        self._tracker.close()
        if self._bystander_tracker is not None:
            self._bystander_tracker.close()

    def _found(
        self, meshes: tuple[TrackedMesh, ...], camera: CameraModel, *, headset: bool
    ) -> list["_Found"]:
        """Return the meshes that fit a head; a tracker that slid onto the wallpaper does not."""
        upper_face = not (headset or self._settings.lower_face_only)
        found = []
        for one in meshes:
            fit = estimate_pose(one.mesh, camera, upper_face=upper_face)
            width = face_width_px(one.mesh)
            if fit is None or not math.isfinite(width) or fit.reprojection_px > _WORST_FIT * width:
                continue
            pose = turned_further(fit, one.score) if headset else fit
            if one.transform is not None:
                pose = pose_from_transform(one.transform)
            found.append(_Found(one, _box(one.mesh), width, pose))
        return found

    def _smooth(
        self,
        wearer: "_Found | None",
        headset_rotation: NDArray[np.float64] | None,
        epoch: int,
        camera: CameraModel,
        time_ns: int,
    ) -> HeadPose | None:
        estimate = None if wearer is None else wearer.pose
        if headset_rotation is not None:
            estimate = self._fusion.step(estimate, headset_rotation, epoch, time_ns)
        if estimate is None:
            return None
        return self._filter.step(head_pose(estimate, camera), self._track_id, time_ns)

    def _describe(
        self,
        image: Image,
        found: "_Found",
        track_id: int,
        detector: OcclusionDetector,
        time_ns: int,
    ) -> tuple[Face, FaceCrop]:
        mesh = found.tracked.mesh
        matrix = crop_matrix(mesh)
        chip = take_chip(image.rgb, mesh, matrix)
        facing = seen.facing(found.pose.rotation, found.pose.translation_cm)
        occlusion = detector.step(chip, time_ns, trust=max(_LEAST_TRUST, float(facing[:2].min())))
        crop = take_crop(image.rgb, matrix, occlusion.covered, chip.gray)
        if self._settings.lower_face_only:
            crop = without_upper_rows(crop)
        shares = self._shares(image, found, facing, chip.points, occlusion)
        visibility = seen.region_visibility(shares)
        face = Face(
            track_id=track_id,
            box=found.box,
            score=found.tracked.score,
            landmarks=to_68(mesh),
            mesh=mesh,
            visibility=visibility,
            band=seen.visibility_band(visibility),
            quality=measure_quality(
                chip.gray, _doubled(crop.visible > 0.5), found.width_px, found.tracked.score
            ),
            headset=occlusion.headset,
            blendshapes=found.tracked.blendshapes,
            transform=found.tracked.transform,
        )
        return face, crop

    def _shares(
        self,
        image: Image,
        found: "_Found",
        facing: NDArray[np.float64],
        points: NDArray[np.float64],
        occlusion: Occlusion,
    ) -> NDArray[np.float64]:
        shares = facing * seen.inside(found.tracked.mesh, image.width, image.height)
        shares = shares * seen.uncovered(points, occlusion.covered)
        shares = seen.lowered(shares, occlusion.headset, occlusion.mouth_covered)
        return seen.without_upper_face(shares) if self._settings.lower_face_only else shares


@dataclass(frozen=True, slots=True)
class _Found:
    tracked: TrackedMesh
    box: Box
    width_px: float
    pose: PoseEstimate


def _camera_for(image: Image, camera: CameraModel | None) -> CameraModel:
    if camera is None:
        return _assumed_camera(image.width, image.height)
    return camera.for_image(image.width, image.height)


@lru_cache(maxsize=16)
def _assumed_camera(width: int, height: int) -> CameraModel:
    return CameraModel.from_size(width, height)


def _box(mesh: NDArray[np.float32]) -> Box:
    points = np.ascontiguousarray(mesh[:MESH_POINTS, :2].T)
    low, high = points.min(axis=1), points.max(axis=1)
    return Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))


def _doubled(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a mask of the crop as one of the chip."""
    size = (CHIP_PX, CHIP_PX)
    return np.asarray(
        cv2.resize(mask.view(np.uint8), size, interpolation=cv2.INTER_NEAREST).view(np.bool_)
    )
