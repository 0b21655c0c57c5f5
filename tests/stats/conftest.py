"""Property tests here are repeatable and have no time limit: shared machines are slow at times."""

from hypothesis import settings

settings.register_profile("ropsanalysis", deadline=None, derandomize=True)
settings.load_profile("ropsanalysis")
