"""Command groups of the `attune` program; wiring and printing only."""
