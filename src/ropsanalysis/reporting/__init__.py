"""From built data to finished reports: build, run, render, check, list."""
