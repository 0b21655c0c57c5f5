"""Reproducible regional social-policy reports for Poland's sixteen voivodeships."""

__version__ = "0.1.0"
