"""Diagnosis of the regional situation: position, trend, forecast, disparities, index, profile."""
