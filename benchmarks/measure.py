"""CPU time and peak memory of a command; no NumPy here, as a child's peak counts its parent's size at the fork."""

import os
import signal
import statistics
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass

MIB_PER_KIB = 1 / 1024


@dataclass(frozen=True)
class Cost:
    """What one run took: CPU seconds of user and system together, peak resident memory in MiB."""

    cpu_s: float
    peak_mib: float


class CommandError(RuntimeError):
    """A measured command ended with an error; its figures would mean nothing."""


def measure(command: Sequence[str], limit_s: float) -> Cost | None:
    """Run a command with its output thrown away; None when it takes longer than the limit (wall clock).

    Raises `CommandError` when it fails.
    """
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    timer = threading.Timer(limit_s, process.kill)
    timer.start()
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode == -signal.SIGKILL:
        return None
    if process.returncode != 0:
        raise CommandError(f"exit code {process.returncode} from: {' '.join(command)}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * MIB_PER_KIB)


def median(costs: Sequence[Cost | None]) -> Cost | None:
    """Return the median of several runs; None when one of them met the limit."""
    whole = [cost for cost in costs if cost is not None]
    if len(whole) < len(costs) or not whole:
        return None
    return Cost(
        statistics.median(cost.cpu_s for cost in whole),
        statistics.median(cost.peak_mib for cost in whole),
    )
