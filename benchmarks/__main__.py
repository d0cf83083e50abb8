"""python -m benchmarks NAME [options]: assess, aggregate, know, reach, what-if, simulate or identity; all when none is named."""

from __future__ import annotations

import sys

from benchmarks import aggregate, assess, identity, practice, simulate, what_if

BENCHMARKS = {
    "assess": assess.main,
    "aggregate": aggregate.main,
    "know": practice.of("know"),
    "reach": practice.of("reach"),
    "what-if": what_if.main,
    "simulate": simulate.main,
    "identity": identity.main,
}


def main() -> None:
    """Run the benchmark named first, with the options after it."""
    name, *options = sys.argv[1:] or [""]
    if name and name not in BENCHMARKS:
        sys.exit(f"There is no benchmark '{name}'. Known: {', '.join(BENCHMARKS)}.")
    for known, run in BENCHMARKS.items():
        if name in ("", known):
            run(options)


if __name__ == "__main__":
    main()
