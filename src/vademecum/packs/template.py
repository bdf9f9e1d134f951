"""What `vade pack new` writes: an invented disease and drug, loadable and lint-clean, to write over."""

from __future__ import annotations

TEMPLATE_SOURCES = """\
# The bibliography of this library folder. See docs/reference/pack-format.md.
sources:
  - key: our-protocol
    type: protocol
    title: Our hospital's protocol
    authors: [Our Hospital]
    year: 2026
    body: Our Hospital
    jurisdiction: local
    read: full text
    licence: own text, quote allowed
"""

TEMPLATE_PACK = """\
# A pack starts here. Everything below is invented: write over it, then run `vade pack lint`.
pack: NAME
version: 0.1.0
title: Exampleitis in adults
status: draft
published: 2026-01-01
review_by: 2027-01-01
searched_to: 2026-01-01
population: adult
scope: "age >= 18 'a' and exampleitis"
names: [exampleitis]
about: NAME-about
facts:
  age: {from: age, unit: a}
  exampleitis: {from: condition, ask: "Does the patient have exampleitis?"}
bottom_line:
  text: Rest the limb and review after 2 weeks.
  because: [NAME-rest]
  applies_if: exampleitis in an adult
statements:
  - id: NAME-about
    text: Exampleitis is an invented disease of adults.
    population: adult
    kind: diagnosis
    cites: [{source: our-protocol, at: page 1}]
  - id: NAME-rest
    text: In adults with exampleitis, rest the limb and review after 2 weeks.
    population: adult
    kind: first_line
    cites: [{source: our-protocol, at: page 2}]
    grade: {direction: for}
assessment:
  - {because: NAME-about, decides: whether this is exampleitis}
steps:
  - id: rest
    title: Rest
    line: first
    applies_if: exampleitis in an adult
    when: exampleitis
    because: [NAME-rest]
    options: [rest-limb]
actions:
  rest-limb: {label: Rest the limb, because: [NAME-rest]}
evidence:
  key: [NAME-rest]
unknown:
  red_flags: the protocol names none
  adjuncts: the protocol names none
  monitoring: the protocol names none
  cautions: the protocol names none
plain:
  patient.en:
    bottom_line: Rest the limb. The team will see you again after 2 weeks.
    step.rest: Rest
    NAME-about: Exampleitis is an invented illness of adults.
    NAME-rest: Adults with exampleitis rest the limb and are seen again after 2 weeks.
"""
