from __future__ import annotations

import subprocess
import sys
import textwrap

import psutil

from include.settings import PROJECT_ROOT

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""
CHILD = """
import time
from include.process import end_with_parent
{tie}
print("ready", flush=True)
time.sleep(60)
"""


def child_of_a_killed_parent(tie: str) -> psutil.Process:
    """A process that has called ``tie``, after its parent got SIGKILL."""
    command = [sys.executable, "-c", textwrap.dedent(PARENT), textwrap.dedent(CHILD).format(tie=tie)]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    return child


def test_a_process_tied_to_its_parent_dies_with_it_and_an_untied_one_does_not():
    tied, untied = child_of_a_killed_parent("end_with_parent()"), child_of_a_killed_parent("")
    try:
        psutil.wait_procs([tied], timeout=10)
        assert not tied.is_running()
        assert untied.is_running()
    finally:
        untied.kill()
