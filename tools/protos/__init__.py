"""Keeps the contract honest: generates its code, lints it, and lets it only grow."""
