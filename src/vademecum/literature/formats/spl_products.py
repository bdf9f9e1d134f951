"""The products a label lists: names, forms, routes, and what they contain in which strength."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from lxml import etree

from vademecum.literature.formats.text import local_name, squeeze, text_of

_ITEMS = ("manufacturedProduct", "manufacturedMedicine", "partProduct", "partMedicine")
_INACTIVE = frozenset({"IACT", "ADJV", "INGR", "CNTM", "COLR", "FLVR", "PRSV", "STBL"})
_OF_MOIETY = "ACTIM"  # the strength counts the active moiety, not the salt
_OF_REFERENCE = "ACTIR"  # the strength counts another, named substance


class Product(msgspec.Struct, frozen=True):
    """One listed product or part of a kit."""

    name: str
    generic: str
    form: str
    routes: tuple[str, ...]
    ingredients: tuple[str, ...]  # active ones, "AMOXICILLIN 250 mg in 5 mL"
    substances: tuple[str, ...]  # their names alone

    @property
    def named(self) -> str:
        """ "Lipitor (atorvastatin calcium)"."""
        other = self.generic and self.generic.casefold() != self.name.casefold()
        return f"{self.name} ({self.generic})" if self.name and other else self.name or self.generic

    @property
    def words(self) -> tuple[str, ...]:
        """What the product may be asked for by."""
        return tuple(filter(None, (self.name, self.generic, *self.substances)))

    @property
    def line(self) -> str:
        """The product in one line."""
        form = ", ".join(filter(None, (self.form, *self.routes)))
        head = f"{self.named} [{form}]" if form else self.named
        return f"{head}: {'; '.join(self.ingredients)}" if self.ingredients else head


def products(root: etree._Element) -> Iterator[Product]:
    """Every product of the label in order, the parts of a kit after the kit."""
    for item in root.iter(*(f"{{*}}{name}" for name in _ITEMS)):
        name = _name(_child(item, "name"))
        generic = _text(item.find("{*}asEntityWithGeneric/{*}genericMedicine/{*}name"))
        if not (name or generic) or _child(item, "manufacturedProduct") is not None:
            continue
        active = list(_active(item))
        yield Product(
            name=name,
            generic=generic,
            form=_attribute(_child(item, "formCode"), "displayName"),
            routes=tuple(dict.fromkeys(_routes(item))),
            ingredients=tuple(text for text, _ in active),
            substances=tuple(dict.fromkeys(name for _, names in active for name in names)),
        )


def _name(element: etree._Element | None) -> str:
    """The name with its suffix, which the markup sets without a space."""
    suffix = _text(_child(element, "suffix"))
    return squeeze(f"{text_of(element, {'suffix'})} {suffix}") if element is not None else ""


def _active(item: etree._Element) -> Iterator[tuple[str, list[str]]]:
    for ingredient in item:
        kind = local_name(ingredient)
        code = ingredient.get("classCode", "") if kind == "ingredient" else ""
        if kind not in {"ingredient", "activeIngredient"} or code in _INACTIVE:
            continue
        substance = _child(ingredient, "ingredientSubstance")
        if substance is None:
            substance = _child(ingredient, "activeIngredientSubstance")
        name = _text(_child(substance, "name"))
        if substance is None or not name:
            continue
        moieties = [_text(_child(moiety, "name")) for moiety in substance.findall("{*}activeMoiety/{*}activeMoiety")]
        counted = _counted(substance, code, list(filter(None, moieties)))
        strength = _strength(_child(ingredient, "quantity"))
        as_what = f" as {counted}" if strength and counted else ""
        yield f"{name} {strength}{as_what}".strip(), list(filter(None, [name, *moieties]))


def _counted(substance: etree._Element, code: str, moieties: list[str]) -> str:
    """What the strength is of, where that is not the ingredient as named."""
    if code == _OF_MOIETY:
        return " and ".join(moieties)
    if code == _OF_REFERENCE:
        return _text(substance.find("{*}asEquivalentSubstance/{*}definingSubstance/{*}name"))
    return ""


def _strength(quantity: etree._Element | None) -> str:
    """ "6.25 mg in 5 mL"; "10 mg" where it is counted for each single unit. Values and units as the file has them."""
    amount = _measure(_child(quantity, "numerator"))
    per = _measure(_child(quantity, "denominator"))
    return f"{amount} in {per}" if amount and per not in {"", "1"} else amount


def _measure(element: etree._Element | None) -> str:
    value, unit = _attribute(element, "value"), _attribute(element, "unit")
    return f"{value} {unit}" if value and unit not in {"", "1"} else value


def _routes(item: etree._Element) -> Iterator[str]:
    around = item.getparent()
    for place in (item, around) if around is not None else (item,):
        for code in place.iterfind("{*}consumedIn/{*}substanceAdministration/{*}routeCode"):
            route = _attribute(code, "displayName")
            if route:
                yield route


def _child(parent: etree._Element | None, name: str) -> etree._Element | None:
    return parent.find(f"{{*}}{name}") if parent is not None else None


def _text(element: etree._Element | None) -> str:
    return text_of(element) if element is not None else ""


def _attribute(element: etree._Element | None, name: str) -> str:
    return (element.get(name) or "").strip() if element is not None else ""
