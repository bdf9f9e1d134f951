"""Quick check of single files while writing them: `python -m vademecum.packs.check FILE...`."""

from __future__ import annotations

import sys
from pathlib import Path

from vademecum.errors import PackError
from vademecum.packs.loader import read_pack, read_sheet, read_sources


def main(names: list[str]) -> int:
    bad = 0
    for name in names:
        path = Path(name)
        read = read_sources if path.name == "sources.yaml" else read_sheet if path.parent.name == "drugs" else read_pack
        try:
            read(path)
            print(f"{name}: loads")
        except PackError as error:
            print(*error.problems, sep="\n")
            bad += 1
    return min(bad, 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
