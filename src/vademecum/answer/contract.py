"""The JSON form of an article, and its published schema."""

from __future__ import annotations

from typing import Any

import msgspec

from vademecum.answer.article import Article

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(article: Article) -> bytes:
    """One JSON object; exact decimals as numbers, keys in the order of the types."""
    return _ENCODER.encode(article)


def article_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of an article."""
    return msgspec.json.schema(Article)
