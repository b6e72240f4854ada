"""Measures the budgets of the architecture on this machine and prints them beside what was found.

    make bench                           every part, about ten minutes after the peer is installed
    make bench ARGS="latency sessions"   some of them
    make bench ARGS="peer --fer2013 DIR" another package on the same clip, and on its faces

Nothing here is a test: figures depend on the machine and on what else runs there.
"""
