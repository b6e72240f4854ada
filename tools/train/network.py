"""The pixel networks, by name: one trunk over (gray, visibility), two heads of logits."""

from collections.abc import Callable, Sequence
from functools import partial

import keras
from keras import layers, ops

from tools.train.errors import TrainingError

FEW_CHANNELS = 2
FEW_PIXELS = 4
"""Channels and pixels of a picture up to which XLA is the slow one on a CPU."""

WEIGHT_DECAY = 5e-4
LABELS_7 = 7
LABELS_8 = 8


def convolve_as_products(inputs: keras.KerasTensor, kernel: keras.KerasTensor) -> keras.KerasTensor:
    """Return the convolution (n, height, width, filters), edges padded with zeros, of `inputs`
    (n, height, width, channels) with `kernel` (3, 3, channels, filters) as one matrix product."""
    _, height, width, channels = inputs.shape
    filters = kernel.shape[-1]
    padded = ops.pad(inputs, ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifted = [padded[:, y : y + height, x : x + width] for y in range(3) for x in range(3)]
    patches = ops.reshape(ops.concatenate(shifted, axis=-1), (-1, 9 * channels))
    out = ops.matmul(patches, ops.reshape(kernel, (9 * channels, filters)))
    return ops.reshape(out, (-1, height, width, filters))


class _Convolution(layers.Conv2D):
    """A convolution that trains fast where XLA's own on the CPU is slow.

    The gradients of a 3x3 convolution over 2x2 pixels take XLA 15 times as long there as a matrix
    product, those over pictures of two channels twice as long.
    """

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the convolution (n, height, width, filters) of (n, height, width, channels)."""
        fits = self.kernel_size == (3, 3) and self.strides == (1, 1) and not self.use_bias
        if keras.backend.backend() != "jax" or not fits or None in inputs.shape[1:]:
            return super().call(inputs)
        _, height, width, channels = inputs.shape
        if channels > FEW_CHANNELS and height * width > FEW_PIXELS:
            return super().call(inputs)
        return convolve_as_products(inputs, self.kernel)


def _convolution(x: keras.KerasTensor, width: int, size: int, stride: int = 1) -> keras.KerasTensor:
    x = _Convolution(
        width,
        size,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        kernel_regularizer=keras.regularizers.L2(WEIGHT_DECAY / 2),
    )(x)
    return layers.BatchNormalization(momentum=0.95, epsilon=1e-4)(x)


def _weighed(x: keras.KerasTensor, width: int) -> keras.KerasTensor:
    """Scale each channel by a gate over all channels' means (squeeze and excitation)."""
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Conv2D(width // 8, 1, activation="relu", kernel_initializer="he_normal")(gate)
    return layers.Multiply()([x, layers.Conv2D(width, 1, activation="sigmoid")(gate)])


def _residual_block(
    x: keras.KerasTensor, width: int, stride: int, *, gated: bool
) -> keras.KerasTensor:
    """Two 3x3 convolutions beside a shortcut; a narrowing shortcut averages before it projects."""
    shortcut = x
    if stride > 1:
        shortcut = layers.AveragePooling2D(stride, padding="same")(shortcut)
    if shortcut.shape[-1] != width:
        shortcut = _convolution(shortcut, width, 1)
    y = layers.ReLU()(_convolution(x, width, 3, stride))
    y = _convolution(y, width, 3)
    if gated:
        y = _weighed(y, width)
    return layers.ReLU()(layers.Add()([y, shortcut]))


def _heads(x: keras.KerasTensor, dropout: float) -> list[keras.KerasTensor]:
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(dropout)(x)
    return [layers.Dense(LABELS_7, name="logits7")(x), layers.Dense(LABELS_8, name="logits8")(x)]


def residual(
    size: int | None,
    *,
    stem: int,
    widths: Sequence[int],
    blocks: Sequence[int],
    dropout: float,
    name: str,
    gated: bool = False,
) -> keras.Model:
    """Return a residual network for (n, size, size, 2) in [0, 1]; `size` None takes any."""
    inputs = keras.Input((size, size, 2), name="input")
    x = layers.Rescaling(scale=[4.0, 1.0], offset=[-2.0, 0.0])(inputs)
    x = layers.ReLU()(_convolution(x, stem, 5, stride=2))
    for stage, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        for block in range(count):
            stride = 2 if stage > 0 and block == 0 else 1
            x = _residual_block(x, width, stride, gated=gated)
    return keras.Model(inputs, _heads(x, dropout), name=name)


def plain(
    size: int | None, *, widths: Sequence[int], per_stage: int, dropout: float, name: str
) -> keras.Model:
    """Return a network of 3x3 convolutions and poolings alone, the first stage at full size."""
    inputs = keras.Input((size, size, 2), name="input")
    x = layers.Rescaling(scale=[4.0, 1.0], offset=[-2.0, 0.0])(inputs)
    for stage, width in enumerate(widths):
        if stage:
            x = layers.MaxPooling2D()(x)
        for _ in range(per_stage):
            x = layers.ReLU()(_convolution(x, width, 3))
    return keras.Model(inputs, _heads(x, dropout), name=name)


def _small(size: int | None) -> keras.Model:
    return residual(
        size,
        stem=32,
        widths=(32, 64, 128, 192),
        blocks=(1, 1, 1, 1),
        dropout=0.2,
        name="residual_small",
    )


def _medium(size: int | None, *, gated: bool = False) -> keras.Model:
    return residual(
        size,
        stem=32,
        widths=(32, 64, 128, 256),
        blocks=(1, 1, 2, 1),
        dropout=0.3,
        name="residual_medium_gated" if gated else "residual_medium",
        gated=gated,
    )


def _large(size: int | None) -> keras.Model:
    return residual(
        size,
        stem=40,
        widths=(40, 80, 160, 320),
        blocks=(2, 2, 2, 1),
        dropout=0.4,
        name="residual_large",
    )


def _plain(size: int | None) -> keras.Model:
    return plain(size, widths=(24, 48, 96, 192, 256), per_stage=2, dropout=0.1, name="plain")


ARCHITECTURES: dict[str, Callable[[int | None], keras.Model]] = {
    "residual_small": _small,
    "residual_medium": _medium,
    "residual_large": _large,
    "residual_medium_gated": partial(_medium, gated=True),
    "plain": _plain,
}


def build(name: str, size: int | None = 48) -> keras.Model:
    """Return the untrained network `name`; TrainingError names the known ones."""
    try:
        return ARCHITECTURES[name](size)
    except KeyError as cause:
        known = ", ".join(sorted(ARCHITECTURES))
        raise TrainingError(f"unknown architecture {name!r}; known are {known}") from cause
