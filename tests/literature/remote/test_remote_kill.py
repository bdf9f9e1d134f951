"""A job killed at any instant goes on where it stopped: no finished page is asked for twice, none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from random import Random

import pytest
from stub_services import Asked, Reply, Stub
from test_remote_sources import pmids, pubmed_of

from vademecum.literature.remote import Download, state

SCRIPT = """
import sys
from pathlib import Path
from vademecum.literature.remote import Client, Services, fetch, parse
services = Services(ncbi=sys.argv[1] + "/ncbi", allow=(sys.argv[1],))
with Client(services, sleep=lambda seconds: None) as client:
    for download in fetch(parse(sys.argv[2]), Path(sys.argv[3]), client=client):
        pass
"""
RECORDS, KILLS = 2000, 8


@pytest.mark.slow
def test_a_killed_job_goes_on_where_it_stopped(stub: Stub, tmp_path: Path) -> None:
    wanted = [str(number) for number in range(10_000, 10_000 + RECORDS)]
    pubmed_of(stub, dict.fromkeys(wanted, date(2020, 1, 1)))
    efetch, random = stub.routes["/ncbi/efetch.fcgi"], Random(3)
    victim: list[int] = []
    requests = [0]

    def deadly(asked: Asked) -> Reply:
        requests[0] += 1
        if victim and requests[0] % 2 == 0:  # in the second page of every run, or soon after it
            threading.Timer(random.uniform(0, 0.02), kill, [victim.pop()]).start()
        return efetch(asked)

    stub.routes["/ncbi/efetch.fcgi"] = deadly
    killed, again = 0, 0
    while True:
        held = state(tmp_path)
        finished = {entry.name for entry in held.entries} if held else set()
        stub.log.clear()
        requests[0] = 0
        command = [sys.executable, "-c", SCRIPT, stub.address, "pubmed:x", str(tmp_path)]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            if killed < KILLS:
                victim[:] = [process.pid]
            code = process.wait()
            assert process.stderr is not None
            assert code in {0, -signal.SIGKILL}, process.stderr.read().decode()
        asked = {entry.query["id"].split(",")[0] for entry in stub.log if entry.path.endswith("efetch.fcgi")}
        again += sum(name.endswith(f"-pubmed-{first}.xml") for name in finished for first in asked)
        if code == 0:
            break
        killed += 1
    assert killed >= 3
    assert again == 0
    held = state(tmp_path)
    assert held is not None
    assert (held.complete, held.records, held.total) == (True, RECORDS, RECORDS)
    downloads = [
        Download(entry.name, entry.format, tmp_path / entry.name, entry.bytes, position, entry.records)
        for position, entry in enumerate(held.entries)
    ]
    assert pmids(downloads) == wanted
    assert not [entry for entry in tmp_path.glob("*") if entry.name.endswith(".part")]


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
