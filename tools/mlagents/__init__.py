"""Send simulated visitors through a built Unity scene, over ML-Agents, and count what they saw.

Runs in an environment of its own (`make mlagents`): mlagents-envs needs protobuf's old Python
implementation, which the server must not use. So nothing here imports `attune`.
"""
