"""Data, not code: indicators, sections, context and parameters as YAML, read by `ropsanalysis.io.catalogue`."""
