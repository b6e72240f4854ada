"""Expression, attention and events over time to the Expressive Resonance Index."""
