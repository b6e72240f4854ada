"""Prepares FER2013, trains pixel networks, measures them, writes them to the model store."""
