"""Readers of delivered files, screening, and the store of processed tables."""
