"""Diagnosis of gminas and powiats: indicators from counts, position among comparable units, change over years."""
