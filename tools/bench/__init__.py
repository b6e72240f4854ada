"""Measures the budgets of the architecture on this machine and prints them beside what was found.

    make bench                           every part, about eight minutes
    make bench ARGS="latency sessions"   some of them

Nothing here is a test: figures depend on the machine and on what else runs there.
"""
