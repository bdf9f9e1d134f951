"""Reading a dose from prose, without ever guessing.

A text becomes marks (figures and known words, one letter each), clauses are patterns over the marks, and what no
clause takes is either the head of the dose (amount, how often, route) or stays unread. One reading makes a dose; two
readings make a question. The canonical phrases of `render` are read back to the same value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from vademecum.dosing.checks import problems
from vademecum.dosing.clause_words import Mark
from vademecum.dosing.clauses import Ceiling, UnclearError, amount_of, frequency_of, read_clauses
from vademecum.dosing.doubts import doubts_of_figures, explain, laboratory
from vademecum.dosing.figures import Measure
from vademecum.dosing.hazards import ABBREVIATIONS, Facts, hazards, slug
from vademecum.dosing.measures import numbers_with_units
from vademecum.dosing.mixtures import mixture
from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Route, Span
from vademecum.dosing.reading import Expression, Level, Piece, Reading, ReadingWarning
from vademecum.dosing.render import PERIOD_UNITS, canonical, drug_words, is_once_per_period, render_quantity
from vademecum.dosing.tokens import Token, tokens_of
from vademecum.dosing.units import compare, fold, same_kind, stuff_of


def parse_dose(text: str, drug: str | None = None) -> Reading:
    """The one dose the text states, or the questions to ask; `drug` is the sheet id if the caller knows it."""
    tokens = tokens_of(fold(text), numbers_with_units(text))
    name, named = _drug(text, tokens)
    values, lab_warnings = laboratory(text, tokens)
    warnings = [*doubts_of_figures(text, tokens), *_doubts_of_name(text, named), *lab_warnings]
    if values:  # a laboratory value, not a dose
        name, dose, mixtures = "", None, []
        used = {id(token) for token in tokens if any(v.start <= token.start and token.end <= v.end for v in values)}
    else:
        head = _Head(text, tokens, drug or slug(name))
        dose, mixtures, used = head.dose(), head.mixtures, head.used
        warnings += head.warnings + hazards(head.facts(drug_words(drug) if drug else name))
    used |= {id(token) for token in named}
    warnings += _unread_figures(text, tokens, used)
    expressions = [e for e in explain(text, tokens) if not _within(e, values)] + values + mixtures
    asks = any(warning.level in (Level.ASK, Level.STOP) for warning in warnings)
    return Reading(
        text=text,
        dose=None if asks else dose,
        drug=name,
        expressions=tuple(sorted(expressions, key=lambda e: (e.start, e.end))),
        unread=tuple(_unread(text, tokens, used)),
        warnings=tuple(warnings),
    )


_GLUE = re.compile(r"\s?(?:/|x|×|\*|\+)?\s?", re.I)


def _unread_figures(text: str, tokens: Sequence[Token], used: set[int]) -> Iterator[ReadingWarning]:
    """A figure that found no place may change the dose: "24/26 mg", "2 x 500 mg", "on days 1 and 15"."""
    amounts = {token.start for token in tokens if token.mark in (Mark.AMOUNT, Mark.RATE)}
    for token in tokens:
        if id(token) in used or token.measure is None or token.mark is Mark.WEIGHT or not amounts:
            continue
        part = text[token.start : token.end]
        glued = any(_GLUE.fullmatch(text[token.end : start]) for start in amounts if 0 < start - token.end < 4)
        level = Level.ASK if glued else Level.FLAG
        message = f"{part} stands beside the dose and was not read"
        yield ReadingWarning("unread_figure", level, message, f"What does {part} mean here?", token.start, token.end)


def _within(expression: Expression, values: Sequence[Expression]) -> bool:
    return any(value.start <= expression.start and expression.end <= value.end for value in values)


_ASIDE = re.compile(r"\([^()]*\)")
_STRICT_SIGNS = ("<", ">", ">=", "±", "~")


# --- the drug --------------------------------------------------------------------------------------------


def _drug(text: str, tokens: Sequence[Token]) -> tuple[str, list[Token]]:
    """The first run of unknown words names the drug; an abbreviation with one meaning is written out."""
    run: list[Token] = []
    aside = [found.span() for found in _ASIDE.finditer(text)]
    for token in tokens:
        if token.mark is Mark.WORD and not any(start < token.start < end for start, end in aside):
            run.append(token)
        elif run:
            break
    words = text[run[0].start : run[-1].end] if run else ""
    expansion = ABBREVIATIONS.get(words)
    return (expansion.drug if expansion else " ".join(words.split())), run


def _doubts_of_name(text: str, named: Sequence[Token]) -> Iterator[ReadingWarning]:
    if not named:
        return
    start, end = named[0].start, named[-1].end
    expansion = ABBREVIATIONS.get(text[start:end])
    if expansion:
        message = f"{text[start:end]} is read as {expansion.drug}; {expansion.note}"
        yield ReadingWarning("drug_abbreviation", Level.NOTE, message, "", start, end)


# --- the head of the dose --------------------------------------------------------------------------------


class _Head:
    """What is left when the clauses are taken out: amount, period, how often, route.

    `used` holds the tokens that found a place in the dose, by identity.
    """

    def __init__(self, text: str, tokens: Sequence[Token], drug: str) -> None:
        self.text, self.drug = text, drug
        self.parts, rest = read_clauses(tokens)
        self.warnings: list[ReadingWarning] = []
        self.mixtures: list[Expression] = []
        self.used: set[int] = set(self.parts.used)
        self.tokens = rest
        self.per: Per | None = None
        self.weight = next((_quantity(t.measure) for t in rest if t.mark is Mark.WEIGHT), None)
        self.amount = self._amount()
        self.frequency = self._frequency()
        self.route = self._route()
        self._period()

    def _ask(self, code: str, message: str, ask: str) -> None:
        self.warnings.append(ReadingWarning(code, Level.ASK, message, ask))

    def _take(self, *marks: Mark) -> list[Token]:
        return [token for token in self.tokens if token.mark in marks]

    def _use(self, *tokens: Token) -> None:
        self.used.update(id(token) for token in tokens)

    # amount

    def _amount(self) -> Amount | None:
        mixed = mixture(self.tokens)
        taken = mixed[1] if mixed else ()
        stated = [t for t in self._take(Mark.AMOUNT, Mark.RATE) if t not in taken and t.measure is not None]
        if mixed:
            self._use(*taken)
            self._say_mixture(mixed[0], *taken)
        stated = self._without_late_ceilings(stated)
        drugs = [t for t in stated if t.mark is Mark.RATE or stuff_of(_measure(t).unit or "") != "VOLUME"]
        stated = drugs or stated  # a volume beside an amount is what it is diluted in, and stays unread
        if not stated:
            return Amount(mixed[0].value, mixed[0].value, mixed[0].unit) if mixed else None
        first = stated[0]
        others = [_quantity(t.measure) for t in stated[1:]] + ([mixed[0]] if mixed else [])
        self._same_amount(first, stated[1:], others)
        self._use(*stated)
        return self._single(first)

    def _without_late_ceilings(self, stated: list[Token]) -> list[Token]:
        """ "15 mg/kg every 6 hours, up to 60 mg/kg per day": the second amount is a ceiling."""
        kept = stated[:1]
        for token in stated[1:]:
            measure = _measure(token)
            late = id(token) in self.parts.up_to and measure.per not in (None, _measure(stated[0]).per)
            if late and measure.high is not None and measure.low == measure.high and measure.unit is not None:
                self.parts.caps.append(Ceiling(Quantity(measure.high, measure.unit), measure.per))
                self._use(token)
            else:
                kept.append(token)
        return kept

    def _say_mixture(self, amount: Quantity, *tokens: Token) -> None:
        start, end = min(t.start for t in tokens), max(t.end for t in tokens)
        means = render_quantity(amount)
        self.mixtures.append(Expression(self.text[start:end], start, end, means))

    def _same_amount(self, first: Token, rest: Sequence[Token], others: Sequence[Quantity | None]) -> None:
        """Two amounts have to say the same thing twice; "0.1 mg = 100 mg" says two things."""
        one = _quantity(first.measure)
        for other in others:
            if one is None or other is None or not same_kind(one.unit, other.unit):
                self._ask("two_amounts", "more than one amount is stated", "Which amount is meant for which dose?")
            elif compare(one, other) != 0:
                self._contradiction(one, other, rest)

    def _contradiction(self, one: Quantity, other: Quantity, rest: Sequence[Token]) -> None:
        said = f"{render_quantity(one)} is not {render_quantity(other)}"
        equated = any(_equates(self.text, token) for token in rest) or not rest
        if equated:
            ask = "Which of the two amounts is right?"
            self.warnings.append(ReadingWarning("contradiction", Level.STOP, said, ask))
        else:
            self._ask("two_amounts", said, "Which amount is meant for which dose?")

    def _single(self, token: Token) -> Amount | None:
        measure = _measure(token)
        if measure.low is None:
            return None  # the figure itself has raised its question
        amount, per = amount_of(token, up_to=id(token) in self.parts.up_to)
        self.per = per
        if measure.sign not in _STRICT_SIGNS:
            return amount
        if self.drug and not (token.mark is Mark.RATE and stuff_of(amount.unit) == "VOLUME"):  # "CrCl < 30 mL/min"
            asked = f"What is the exact amount or range of {drug_words(self.drug)}?"
            self._ask("not_an_amount", f"{measure.sign} is no amount that can be given", asked)
        return None

    # how often

    def _frequency(self) -> Frequency | None:
        often = self._take(Mark.FREQUENCY, Mark.INTERVAL, Mark.TIMES)
        needed, single = self._take(Mark.AS_NEEDED), self._take(Mark.SINGLE)
        self._use(*often, *needed, *single)
        if len(often) == 1 and self._is_bare_period(often[0]):
            self.per = _measure(often[0]).per
            often = []
        try:
            frequency = frequency_of([_measure(token) for token in often])
        except UnclearError as unclear:
            self._ask(unclear.code, str(unclear), unclear.ask)
            return None
        if frequency is None and (needed or single):
            return Frequency(as_needed=bool(needed))
        return msgspec.structs.replace(frequency, as_needed=True) if frequency and needed else frequency

    def _is_bare_period(self, token: Token) -> bool:
        """ "40 mg by mouth daily": the word says over what the amount counts, not in how many portions."""
        word = self.text[token.start : token.end].lower()
        return word in ("daily", "weekly", "monthly") and self.per is None and self.amount is not None

    def _period(self) -> None:
        periods = self._take(Mark.PERIOD)
        if len(periods) != 1 or self.per is not None or self.amount is None:
            return
        word = periods[0].word
        if word is not None and isinstance(word.means, Per):
            self.per = word.means
            self._use(periods[0])

    def _route(self) -> Route | None:
        routes = [*self.parts.routes, *self._take(Mark.ROUTE)]
        found = {token.word.means for token in routes if token.word is not None}
        if len(found) > 1:
            said = ", ".join(self.text[token.start : token.end] for token in routes)
            self._ask("two_routes", f"more than one route is stated: {said}", "Which route is meant?")
        self._use(*routes)
        route = next(iter(found), None)
        return route if isinstance(route, Route) and len(found) == 1 else None

    # the whole

    def dose(self) -> Dose | None:
        """The dose, canonical; None where a part is missing or asks."""
        parts = self.parts
        caps = self._caps()
        if self.amount is None and (not caps or self._take(Mark.AMOUNT, Mark.RATE)):
            return None
        per = self._counted() or (Per.DOSE if self.amount is not None else caps[0].per)
        frequency = parts.divided or self.frequency
        if parts.divided is not None and self.frequency is not None:
            if self.frequency.every is not None:
                self._ask("two_frequencies", "divided doses and a second schedule", "How often is it given?")
            frequency = msgspec.structs.replace(parts.divided, as_needed=self.frequency.as_needed)
        dose = Dose(
            drug=self.drug,
            per=per,
            amount=self._first(per) or self.amount,
            route=self.route,
            frequency=frequency,
            duration=parts.duration,
            at_most_for=parts.at_most_for,
            caps=caps,
            usual=self._in_period("usual", parts.usual, per),
            then=self.amount if parts.first is not None else None,
            titration=parts.titration,
            split_over=parts.split_over,
            taper=parts.taper,
            max_rate=parts.max_rate,
            min_age=parts.min_age,
        )
        return self._checked(self._with_divided_period(dose))

    def _with_divided_period(self, dose: Dose) -> Dose:
        """ "in three divided doses" is three in the period the amount counts over."""
        divided = self.parts.divided
        if divided is None or dose.frequency is None:
            return canonical(dose)
        period = PERIOD_UNITS.get(dose.per)
        if period is None:
            self._ask("divided_over_what", "divided doses of an amount without a period", "Is the amount per day?")
            return dose
        every = Span(Fraction(1), period)
        return msgspec.structs.replace(dose, frequency=msgspec.structs.replace(dose.frequency, every=every))

    def _first(self, per: Per) -> Amount | None:
        """The larger first dose, whose period has to be that of the following ones."""
        if self.parts.unclear_then:
            ask = "For how long is each dose given? State the phases apart."
            self._ask("two_phases", "a dose is followed by another one", ask)
        return self._in_period("first", self.parts.first, per)

    def _in_period(self, key: str, stated: tuple[Amount, Per | None] | None, per: Per) -> Amount | None:
        if stated is None:
            return None
        if stated[1] not in (None, per):
            said = f"{key}: counts per {stated[1]}, the dose per {per}"
            self._ask(f"{key}_period", said, f"Per what is {key} meant?")
        return stated[0]

    def _caps(self) -> tuple[Cap, ...]:
        """A ceiling without a period takes that of an amount that states its own, or is given once in it."""
        caps: list[Cap] = []
        for cap in self.parts.caps:
            per = cap.per or self._counted()
            if per is None:
                shown = render_quantity(cap.amount)
                self._ask("ceiling_period", f"at most {shown}: per dose or per day?", f"At most {shown} per what?")
                continue
            caps.append(Cap(cap.amount, per, cap.over))
        return tuple(caps)

    def _counted(self) -> Per | None:
        """The period the amount is stated for, in words or by being given once in it."""
        if self.per is not None or self.amount is None:
            return self.per
        if self.frequency is not None and self.frequency.every is None and not self.frequency.as_needed:
            return Per.DOSE
        counted = canonical(Dose(self.drug, Per.DOSE, self.amount, frequency=self.frequency))
        return counted.per if is_once_per_period(counted) else None

    def _checked(self, dose: Dose) -> Dose | None:
        self._targets_keep_the_schedule(dose)
        found = problems(msgspec.structs.replace(dose, no_cap=not dose.caps))
        for problem in found:
            self._ask("contradiction", problem, f"What is meant: {problem}?")
        self._say_what_is_missing(dose)
        return None if found else dose

    def _targets_keep_the_schedule(self, dose: Dose) -> None:
        target = self.parts.target
        if target is None:
            return
        per, often = target
        if often is not None and often != dose.frequency:
            self._ask("schedule_changes", "the dose is raised to another schedule", "State the two steps apart.")
        if per not in (None, dose.per) and often is None:
            self._ask("period_changes", f"raised per {per} from per {dose.per}", "Per what is the target meant?")

    def _say_what_is_missing(self, dose: Dose) -> None:
        if not dose.drug:
            message = "no drug is named"
            self.warnings.append(ReadingWarning("no_drug", Level.NOTE, message, "Which drug is meant?"))
        scheduled = self._take(Mark.FREQUENCY, Mark.INTERVAL, Mark.TIMES, Mark.SINGLE, Mark.AS_NEEDED)
        if self.per is None and self.amount is not None and not scheduled:
            message = "the text does not say per what or how often; read as one dose"
            self.warnings.append(ReadingWarning("period_not_stated", Level.NOTE, message, "Per dose or per day?"))

    def facts(self, name: str) -> Facts:
        """What the hazard rules look at, also when no dose came out."""
        per = self.per or (Per.DOSE if self.frequency is not None else None)
        capped = any(cap.per is Per.DAY for cap in self.parts.caps)
        return Facts(self.text, name, self.amount, per, self.frequency, self.route, self.weight, capped)


def _measure(token: Token) -> Measure:
    if token.measure is None:
        raise AssertionError(f"the mark {token.mark} carries no figure")
    return token.measure


def _quantity(measure: Measure | None) -> Quantity | None:
    if measure is None or measure.high is None or measure.unit is None:
        return None
    return Quantity(measure.high, measure.unit)


_EQUALS = re.compile(r"(?:=|\(|\bis|\bi\.e\.,?|\bequals)\s*$", re.I)


def _equates(text: str, token: Token) -> bool:
    sign = token.measure is not None and token.measure.sign == "="
    return sign or _EQUALS.search(text, max(0, token.start - 8), token.start) is not None


def _unread(text: str, tokens: Sequence[Token], used: set[int]) -> Iterator[Piece]:
    """What found no place, neighbours joined; commas and filler words are left out at the edges."""
    run: list[Token] = []
    for token in [*tokens, None]:
        if token is not None and id(token) not in used and token.mark is not Mark.COMMA:
            run.append(token)
            continue
        solid = [t for t in run if t.mark is not Mark.FILLER]
        if solid:
            start, end = solid[0].start, solid[-1].end
            yield Piece(text[start:end], start, end)
        run = []
