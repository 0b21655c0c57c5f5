"""Numbers: arrays in, frozen results out. No files, no plots, no column names of any topic."""
