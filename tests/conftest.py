import pytest
from vademecum.packs.library import load
@pytest.fixture(scope="session")
def library(): return load()
