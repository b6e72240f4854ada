"""The ELU-DCNN of Setitra, Lourdeaux and Bounia (paper 000), exactly as specified there.

Two 5x5 convolutions of 64, two 3x3 of 128, two 3x3 of 256, each pair before a pooling; 9216
features to 128, to 7 classes; an ELU and a batch normalisation after every convolution and after
the dense layer. The softmax over the classes is part of the loss.
"""

import keras
from keras import layers

ARCHITECTURE = "elu_dcnn"
PARAMETERS = 2_395_591
EPOCHS = 100
BATCH = 32
EARLY_STOPPING_PATIENCE = 11
PLATEAU_PATIENCE = 7
PLATEAU_FACTOR = 0.5
STAGES = ((64, 5), (128, 3), (256, 3))
DROPOUT = (0.4, 0.4, 0.5, 0.6)


def elu_dcnn() -> keras.Model:
    """Return the untrained network: gray (n, 48, 48, 1) in [0, 1] to logits (n, 7)."""
    inputs = keras.Input((48, 48, 1), name="input")
    x = inputs
    for (width, size), dropout in zip(STAGES, DROPOUT, strict=False):
        for _ in range(2):
            x = layers.Conv2D(
                width, size, padding="same", activation="elu", kernel_initializer="he_normal"
            )(x)
            x = layers.BatchNormalization()(x)
        x = layers.Dropout(dropout)(layers.MaxPooling2D()(x))
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="elu", kernel_initializer="he_normal")(x)
    x = layers.Dropout(DROPOUT[-1])(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Dense(7, name="logits7")(x), name=ARCHITECTURE)


def compile_as_published(model: keras.Model) -> list[keras.callbacks.Callback]:
    """Compile with Adam and return the published early stopping and plateau callbacks."""
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return [
        keras.callbacks.EarlyStopping(
            "val_accuracy", patience=EARLY_STOPPING_PATIENCE, restore_best_weights=True
        ),
        keras.callbacks.ReduceLROnPlateau(
            "val_accuracy", patience=PLATEAU_PATIENCE, factor=PLATEAU_FACTOR
        ),
    ]
