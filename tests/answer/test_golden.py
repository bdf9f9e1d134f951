"""What readers see, kept as text. A change of a pack, a check or a word shows up here as a difference to be read.

Rewrite after an intended change with `make golden`.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from vademecum.answer.pipeline import ask
from vademecum.packs.library import Library
from vademecum.render.markdown import render_markdown

TODAY = dt.date(2026, 11, 24)
GOLDEN = Path(__file__).resolve().parent.parent / "golden"

CASES: dict[str, tuple[str, str]] = {
    # name: (reader, question); every intent and every pack
    "treatment-inflammatory-spasms": ("physician", "What is the treatment for severe inflammatory muscle spasms?"),
    "treatment-inflammatory-spasms-patient": (
        "patient",
        "What is the treatment for severe inflammatory muscle spasms?",
    ),
    "treatment-inflammatory-spasms-child": (
        "physician",
        "What is the treatment for severe inflammatory muscle spasms in a 9-year-old?",
    ),
    "treatment-muscle-spasms": ("physician", "What are the treatment options for muscle spasms?"),
    "treatment-cramps-patient": ("patient", "What helps against leg cramps at night?"),
    "treatment-checkpoint-inhibitor": ("physician", "How is checkpoint inhibitor myositis treated?"),
    "treatment-statin": ("physician", "How is statin myopathy treated?"),
    "treatment-rhabdomyolysis": ("physician", "What is the treatment of rhabdomyolysis?"),
    "treatment-tetanus": ("physician", "How is tetanus treated?"),
    "treatment-stiff-person": ("physician", "How is stiff person syndrome treated?"),
    "treatment-spasticity": ("physician", "How is spasticity after stroke treated?"),
    "treatment-ild": ("physician", "How is interstitial lung disease in myositis treated?"),
    "treatment-calcinosis": ("physician", "How is calcinosis in dermatomyositis treated?"),
    "treatment-skin": ("physician", "How is the rash of dermatomyositis treated in adults?"),
    "treatment-inclusion-body": ("physician", "How is inclusion body myositis treated?"),
    "dose-methotrexate-juvenile": ("physician", "How is methotrexate dosed in juvenile dermatomyositis?"),
    "dose-methotrexate-adult": ("physician", "What dose of methotrexate is used in adult myositis?"),
    "dose-cyclobenzaprine": ("physician", "How long may cyclobenzaprine be given?"),
    "workup-myositis": ("physician", "How do you work up suspected inflammatory myopathy?"),
    "workup-antibodies": ("physician", "Which antibodies should be tested in suspected myositis?"),
    "monitoring-methotrexate": ("physician", "What should be monitored on methotrexate?"),
    "monitoring-cancer-screening": ("physician", "Which adults with dermatomyositis need cancer screening?"),
    "safety-cyclobenzaprine-heart": ("physician", "Can cyclobenzaprine be given in heart failure?"),
    "safety-pregnancy": ("physician", "Is methotrexate safe in pregnancy?"),
    "safety-nsaid-kidney": ("physician", "Can naproxen be used with an eGFR of 25?"),
    "alternatives-methotrexate": ("physician", "What are alternatives to methotrexate in myositis?"),
    "refractory-myositis": ("physician", "What if myositis does not respond to steroids?"),
    "comparison-methotrexate-azathioprine": ("physician", "Methotrexate versus azathioprine in myositis"),
    "evidence-relaxant-added": ("physician", "Does adding cyclobenzaprine to naproxen help acute low back pain?"),
    "red-flags-back-pain": ("physician", "What are the red flags in back pain?"),
    "premise-methotrexate-daily": ("physician", "What is the daily dose of methotrexate for rheumatoid arthritis?"),
    "emergency-tetanus": ("physician", "My jaw has locked since I cut my foot on a rusty nail. Is this tetanus?"),
    "crisis": ("physician", "I don't want to be alive any more."),
    "nothing-made-up-drug": ("physician", "What is the renal dose of quenoflaxatril?"),
    "nothing-uncovered": ("physician", "How are infantile spasms treated?"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_article_reads_as_it_did(name: str, library: Library, request: pytest.FixtureRequest) -> None:
    reader, question = CASES[name]
    text = render_markdown(ask(question, library, audience=reader, today=TODAY))
    text = re.sub(r"\b[0-9a-f]{12,20}\b", "HASH", text)  # ids of library and article change with every pack
    file = GOLDEN / f"{name}.md"
    if request.config.getoption("--update-golden"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"no golden article yet; write it with: make golden ({file.name})"
    assert text == file.read_text(encoding="utf-8"), f"{file.name} changed; read the difference, then: make golden"
