"""Measures the budgets of the architecture on this machine and prints them beside what was found.

    make bench                           every part, about eight minutes
    make bench ARGS="latency sessions"   some of them
    make bench ARGS="peer"               another package on the same clip; --fer2013: on faces too

Nothing here is a test: figures depend on the machine and on what else runs there.
"""
