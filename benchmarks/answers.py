"""How fast answers are, how fast the program starts, how much memory it takes, and how large the core is.

    python benchmarks/answers.py [--write benchmarks/results/answers.txt] [--core]

Questions: every line of tests/data/questions.jsonl and paraphrases.jsonl. `--core` also installs the core without
extras into a fresh virtual environment and counts packages, megabytes and seconds (needs a package index).
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import vademecum
from vademecum.answer.pipeline import ask
from vademecum.errors import UsageError
from vademecum.packs.library import load

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "What is the treatment for severe inflammatory muscle spasms?"


def main() -> None:
    """Measure and print; with --write also keep the text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, help="also write the result to this file")
    parser.add_argument("--core", action="store_true", help="also measure the size of `pip install .` without extras")
    parser.add_argument("--starts", type=int, default=9, help="cold starts to measure")
    options = parser.parse_args()
    lines = [*machine(), *warm(), *cold(options.starts), *(core() if options.core else ())]
    print("\n".join(lines))
    if options.write:
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


def machine() -> Iterable[str]:
    """What was measured, on what."""
    yield f"vademecum {vademecum.__version__}, {platform.python_implementation()} {platform.python_version()}"
    yield f"{platform.system()} {platform.machine()}, {_cpu()}, {_cores()} cores"


def questions() -> list[str]:
    """The evaluation questions, in file order."""
    found = []
    for name in ("questions.jsonl", "paraphrases.jsonl"):
        text = (ROOT / "tests" / "data" / name).read_text(encoding="utf-8")
        found += [json.loads(line)["question"] for line in text.splitlines() if line.strip()]
    return found


def warm() -> Iterable[str]:
    """Every question twice in one process; the first pass fills caches and is reported apart."""
    began = time.perf_counter()
    library = load()
    loaded = time.perf_counter() - began
    yield (
        f"library {library.version}: {len(library.packs)} packs, {len(library.drugs)} drug sheets, "
        f"{len(library.statements)} statements; loaded (compiled) in {loaded * 1000:.0f} ms"
    )
    asked = questions()
    for name in ("first pass", "warm"):
        times = []
        for question in asked:
            start = time.perf_counter()
            try:
                ask(question, library)
            except UsageError:
                continue
            times.append((time.perf_counter() - start) * 1000)
        times.sort()
        yield (
            f"answer, {name}: {len(times)} questions, median {statistics.median(times):.1f} ms, "
            f"p99 {times[int(0.99 * (len(times) - 1))]:.1f} ms, max {times[-1]:.1f} ms"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"memory: {peak:.0f} MB peak resident after all questions"


def cold(starts: int) -> Iterable[str]:
    """`vade ask` as a new process each time, the compiled library in the cache."""
    command = [sys.executable, "-m", "vademecum.cli.main", "ask", QUESTION]
    subprocess.run(command, check=True, capture_output=True)
    times = []
    for _ in range(starts):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield (
        f"cold `vade ask`: {starts} starts, median {statistics.median(times):.2f} s, min {min(times):.2f} s, "
        f"max {max(times):.2f} s, {peak:.0f} MB peak resident"
    )


def core() -> Iterable[str]:
    """`pip install .` without extras in a fresh virtual environment."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = f"{folder}/bin/python"
        size_before = _megabytes(Path(folder))
        start = time.perf_counter()
        subprocess.run([python, "-m", "pip", "install", "--quiet", str(ROOT)], check=True)
        took = time.perf_counter() - start
        listed = subprocess.run([python, "-m", "pip", "list", "--format=json"], check=True, capture_output=True).stdout
        packages = [p["name"] for p in json.loads(listed) if p["name"] not in {"pip", "setuptools"}]
        size = _megabytes(Path(folder)) - size_before
        yield f"core: {len(packages)} packages, {size:.0f} MB, installed in {took:.0f} s"
        yield f"  {', '.join(sorted(packages))}"


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()) / 1e6


def _cpu() -> str:
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name")), "unknown")


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    main()
