"""Checks a folder of answers: `python -m tests.bench.checkers SET INSTANCES ANSWERS`."""

import argparse
import importlib
import json
from pathlib import Path

SETS = ("solomon", "vrplib", "trsp", "hhcrsp", "vroom")


def main() -> None:
    """Print a line per answer; end with exit code 1 if any is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.checkers", description=__doc__)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("instances", type=Path)
    parser.add_argument("answers", type=Path)
    asked = parser.parse_args()
    check = importlib.import_module(f"tests.bench.checkers.{asked.set}").check
    wrong = 0
    for path in sorted(asked.answers.glob("*.json")):
        sources = (one for one in asked.instances.iterdir() if one.stem == path.stem and one.suffix != ".sol")
        source = next(sources, None)
        if source is None:
            wrong += 1
            print(f"{path.stem}: there is no such instance in {asked.instances}")
            continue
        said = check(source.read_text(encoding="utf-8-sig"), json.loads(path.read_text()))
        wrong += bool(said.faults)
        print(f"{path.stem}: {said.cost:.4f}, {said.left_out} left out, {len(said.faults)} faults")
        for fault in said.faults:
            print(f"  {fault}")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
