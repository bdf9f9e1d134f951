"""The sentence encoder: likeness in meaning, one vector a text whatever its company, refusal of changed files."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from vademecum.errors import MissingExtraError, VademecumError
from vademecum.literature import encoder as module
from vademecum.literature.encoder import FILES, WIDTH, Encoder

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")
pytest.importorskip("tokenizers")

SHIPPED = Path(module.__file__).parent
SENTENCES = (
    "Beta-blockers lower mortality after myocardial infarction.",
    "Survival following a heart attack improves with metoprolol.",
    "The leaves of the lace plant form holes by programmed cell death.",
    "",
    "β₂-agonist ≤ 5 µg/kg 喘息 " + "wheeze " * 600,
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.demand()


def test_texts_of_like_meaning_lie_closer_than_texts_that_share_no_topic(encoder: Encoder) -> None:
    infarction, attack, plant = encoder.encode(SENTENCES[:3])
    assert infarction @ attack > 0.4
    assert infarction @ plant < 0.1


def test_rows_are_unit_vectors_in_the_order_of_the_texts(encoder: Encoder) -> None:
    rows = encoder.encode(SENTENCES)
    assert rows.shape == (len(SENTENCES), WIDTH)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert encoder.encode([]).shape == (0, WIDTH)


def test_a_vector_does_not_depend_on_the_other_texts(encoder: Encoder) -> None:
    together = encoder.encode(SENTENCES)
    alone = np.concatenate([encoder.encode([text]) for text in SENTENCES])
    assert np.array_equal(together, alone)
    assert np.array_equal(together[::-1], encoder.encode(SENTENCES[::-1]))


def test_the_process_holds_one_encoder_with_a_stable_identity(encoder: Encoder) -> None:
    assert Encoder.load() is encoder
    assert len(encoder.identity) == 64


@pytest.mark.parametrize("name", list(FILES))
def test_a_changed_or_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    for file in FILES:
        shutil.copyfile(SHIPPED / file, tmp_path / file)
    with (tmp_path / name).open("r+b") as file:
        file.seek(1000)
        file.write(b"\0\0\0\0")
    with pytest.raises(VademecumError, match=f"{name}: not the file"):
        Encoder(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(VademecumError, match=f"{name}: .*cannot be read"):
        Encoder(tmp_path)


def test_without_the_extra_there_is_no_encoder_and_demanding_one_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert Encoder.load() is None
    with pytest.raises(MissingExtraError, match=r"vademecum\[semantic\]"):
        Encoder.demand()
