"""The gRPC edge: service, security, scheduling, telemetry and wiring."""
