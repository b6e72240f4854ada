"""What the Expressive Resonance Index does on simulated visitors."""
