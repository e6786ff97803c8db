"""Tests with a deadline, on a machine whose processors somebody else takes away.

A virtual machine's host may stop it for seconds (`steal` in proc_stat(5)): then packets are late, telephones
stop sending, words are lost and deadlines pass, whatever we do. A test that fails while that happened is made
again, twice at most, and the run warns of it. Where nothing was stolen nothing is repeated: a race stays a
failure.
"""

from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

AT_MOST = 0.1
"""Of the processor time asked for. 0.00-0.03 on a quiet host; 0.2-0.5 when words were lost (measured)."""
AGAIN = 2


def processor_ticks() -> tuple[int, int]:
    """(worked, stolen) of all processors since the start."""
    user, nice, system, _, _, irq, softirq, stolen = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return user + nice + system + irq + softirq, stolen


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for left in range(AGAIN, -1, -1):
        before = processor_ticks()
        item._initrequest()  # type: ignore[attr-defined]  # fresh fixtures
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        worked, stolen = (now - then for now, then in zip(processor_ticks(), before, strict=True))
        share = stolen / max(1, worked + stolen)
        if not left or share <= AT_MOST or not any(report.failed for report in reports):
            break
        item.warn(pytest.PytestWarning(f"made again: the host took {share:.0%} of the processor time"))
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
