"""`python -m ropsanalysis`: the same as the command `ropsanalysis`."""

from ropsanalysis.cli import main

if __name__ == "__main__":
    main()
