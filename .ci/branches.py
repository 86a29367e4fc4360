"""Fails when fewer than so many per cent of a folder's branches were taken: `branches.py FOLDER PER_CENT`."""

import json
import subprocess
import sys


def main(folder: str, least: float) -> int:
    """Print the share of branches that the measured run took; return 1 when it is below `least` per cent."""
    command = [sys.executable, "-m", "coverage", "json", "-q", "-o", "-", f"--include={folder}/*"]
    totals = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["totals"]
    taken, all_branches = totals["covered_branches"], totals["num_branches"]
    share = 100 * taken / all_branches
    print(f"{folder}/: {taken} of {all_branches} branches taken, {share:.1f} % (at least {least:g} % are asked for)")
    return 0 if share >= least else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
