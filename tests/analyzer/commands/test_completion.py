"""Completion scripts are ones that the shells take, and what they ask is answered."""

import os
import shutil
import subprocess

import pytest

from analyzer.cli import COMMANDS
from tests.analyzer.running import MODULE, tcpscope


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_asks_tcpscope_what_comes_next(shell: str) -> None:
    run = tcpscope("completion", shell)
    assert (run.code, run.err) == (0, "")
    assert f"_TCPSCOPE_COMPLETE={shell}_complete" in run.out


def test_the_script_for_bash_is_valid() -> None:
    bash = shutil.which("bash")
    assert bash is not None
    script = tcpscope("completion", "bash").out
    run = subprocess.run([bash, "-n"], input=script, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "offered"),
    [("tcpscope ", set(COMMANDS)), ("tcpscope an", {"analyze"}), ("tcpscope analyze --so", {"--sort"})],
)
def test_what_the_script_asks_is_answered(words: str, offered: set[str]) -> None:
    asked = {"_TCPSCOPE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    run = subprocess.run(MODULE, capture_output=True, env=os.environ | asked, text=True, timeout=60, check=False)
    assert {line.split(",")[1] for line in run.stdout.splitlines()} == offered
