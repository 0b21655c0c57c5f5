"""Cooperation models: networks of institutions around a person or family, their cases, and what the models promised."""
