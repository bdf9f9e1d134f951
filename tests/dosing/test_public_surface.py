from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from vademecum import dosing


def test_every_exported_name_is_there_and_none_hides_a_module() -> None:
    modules = {path.stem for path in Path(dosing.__file__).parent.glob("*.py")}
    for name in dir(dosing):
        assert getattr(dosing, name) is not None
        assert name not in modules


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(dosing, "parse_anything")


def test_importing_the_package_loads_no_parser_and_nothing_from_outside() -> None:
    code = (
        "import sys, vademecum.dosing.record as _; "
        "own = [m for m in sys.modules if m.startswith('vademecum.')]; "
        "print(*[m for m in own if not m.startswith(('vademecum.dosing', 'vademecum.errors'))], "
        "*[m for m in ('pint', 'vademecum.dosing.parse') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
