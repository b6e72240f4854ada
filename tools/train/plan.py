"""What one training run does: its schedule, its views and its losses."""

import math
from dataclasses import dataclass, replace

from tools.train.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Plan:
    """One training run.

    `epochs` counts passes over the training faces; the learning rate rises over `warmup_epochs`,
    stays, and falls to zero over the last `decay_epochs`; faces are shown at `small_size` before
    `small_until_epoch`, at 48 px after. `pairs` shows each face clean and painted in one batch.
    `distil` weighs what a teacher says of each face clean and undisturbed, in all its views; it is
    shown them at `teacher_size`, the size that it was trained on. `strength` scales how much views
    are disturbed.
    """

    architecture: str
    epochs: float
    decay_epochs: float
    learning_rate: float = 0.1
    warmup_epochs: float = 1.0
    batch: int = 128
    small_size: int = 36
    small_until_epoch: float = 0.0
    vote_share: float = 0.15
    votes_weight: float = 0.5
    mixup: float = 0.0
    pairs: bool = False
    distil: float = 0.0
    teacher_size: int = 48
    temperature: float = 2.0
    average: float = 0.999
    strength: float = 1.0
    seed: int = 1

    def __post_init__(self) -> None:
        wrong = [
            f"{name} {value:g}"
            for name, value, fits in (
                ("epochs", self.epochs, 0 < self.epochs < math.inf),
                ("decay_epochs", self.decay_epochs, 0 <= self.decay_epochs < math.inf),
                ("warmup_epochs", self.warmup_epochs, 0 <= self.warmup_epochs < math.inf),
                ("learning_rate", self.learning_rate, 0 < self.learning_rate < math.inf),
                ("small_until_epoch", self.small_until_epoch, self.small_until_epoch >= 0),
                ("batch", self.batch, self.batch > 0),
                ("teacher_size", self.teacher_size, self.teacher_size > 0),
                ("mixup", self.mixup, 0 <= self.mixup < math.inf),
                ("distil", self.distil, 0 <= self.distil < math.inf),
                ("average", self.average, 0 <= self.average < 1),
                ("strength", self.strength, 0 <= self.strength < math.inf),
                ("seed", self.seed, self.seed >= 0),
            )
            if not fits
        ]
        if wrong:
            raise TrainingError(f"no run can be trained with {', '.join(wrong)}")

    def rate(self, epoch: float) -> float:
        """Learning rate at a position in epochs."""
        rise = min(1.0, (epoch + 0.02) / max(self.warmup_epochs, 1e-6))
        fall = min(1.0, max(self.epochs - epoch, 0.0) / max(self.decay_epochs, 1e-6))
        return self.learning_rate * min(rise, fall)

    def size(self, epoch: float) -> int:
        """Side of the views in pixels at a position in epochs."""
        return self.small_size if epoch < self.small_until_epoch else 48

    def for_statistics(self) -> "Plan":
        """Return the plan of the batches that batch statistics are recomputed on.

        Other views of the same kind, without mixup, all as large as those at the end of training.
        """
        small = self.small_until_epoch >= self.epochs
        return replace(
            self,
            seed=self.seed + 1000,
            mixup=0.0,
            small_until_epoch=math.inf if small else 0.0,
        )
