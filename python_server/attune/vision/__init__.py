"""Image to face: decoding, tracking, visibility, head pose and the one aligned crop."""
