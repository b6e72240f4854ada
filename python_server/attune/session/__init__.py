"""One visitor's run: inputs, pipeline, consent, recording and replay."""
