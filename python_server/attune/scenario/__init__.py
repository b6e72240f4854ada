"""The authored story: schema, validation, director and simulated visitors."""
