"""Vademecum: a clinical question in, a structured and proven article out."""

__version__ = "0.1.0"
