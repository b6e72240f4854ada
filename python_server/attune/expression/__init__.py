"""Face to calibrated emotion probabilities, valence and arousal, with the model store."""
