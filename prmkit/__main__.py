"""`python -m prmkit` is the same as `prmkit`."""

from prmkit.cli import main

if __name__ == "__main__":
    main()
