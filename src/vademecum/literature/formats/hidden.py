"""Parts of a page that a reader would not have seen, found by the usual ways of hiding them.

Only what the page itself says is judged: attributes, inline styles, and simple rules of its style sheets. Words a
person never saw must not become evidence, and words that were taken out must be known to have been there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec
from lxml import etree

from vademecum.literature.formats.markup import NOT_TEXT, words
from vademecum.literature.formats.text import local_name
from vademecum.literature.records import Flag

Style = dict[str, str]
Rules = Mapping[str, Style]

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MEDIA = re.compile(r"@media([^{]*)\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}")
_RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?((?:[.#][\w-]+)?)", re.IGNORECASE)
_CONTROLS = {
    code: "\ufffd" for code in range(32) if chr(code) not in "\t\n\r"
}  # lxml reads them but does not write them
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|ex|%|cm|mm|in|vw|vh|)")
_RGB = re.compile(r"rgba?\(([^)]*)\)")
_PIXELS = {
    "px": 1.0,
    "": 1.0,
    "pt": 1.33,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "%": 0.16,
    "cm": 38.0,
    "mm": 3.8,
    "in": 96.0,
}
_SMALLEST = 4.0  # pixels: letters of less cannot be read
_FAR = -300.0  # pixels: further out than any indent
_NEAR = 40  # of 255 in each channel: colours closer than this cannot be told apart
_NAMES = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_NAMES |= {"ghostwhite": (248, 248, 255), "whitesmoke": (245, 245, 245), "floralwhite": (255, 250, 240)}
_FOR_SCREEN_READERS = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader"})

Colour = tuple[int, int, int]


class Seen(msgspec.Struct, frozen=True):
    """What an element inherits: colours and letter size."""

    colour: Colour = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)  # None behind a picture or a colour we cannot read
    size: float = 16.0


def flags(root: etree._Element) -> list[Flag]:
    """Take the hidden parts out of the page; the flag says what hid them and how they begin."""
    removed = _remove(root)
    if not removed:
        return []
    shown = "; ".join(removed[:5]) + ("; ..." if len(removed) > 5 else "")
    return [Flag("hidden-text", f"{len(removed)} hidden part(s) were taken out: {shown}")]


def _remove(root: etree._Element) -> list[str]:
    rules = _rules(root)
    removed: list[str] = []
    for element, reason in list(_hidden(root, rules, Seen())):
        text = words(element)
        if any(character.isalnum() for character in text):
            removed.append(f"{reason}: {text[:60]!r}")
        drop(element)
    return removed


def _hidden(element: etree._Element, rules: Rules, above: Seen) -> Iterator[tuple[etree._Element, str]]:
    name = local_name(element)
    if not name or name in NOT_TEXT - {"title"}:
        return
    style = _style(element, rules)
    seen = _seen(element, style, above)
    reason = _reason(element, style, seen)
    if reason:
        yield element, reason
        return
    for child in element:
        yield from _hidden(child, rules, seen)


def _reason(element: etree._Element, style: Style, seen: Seen) -> str:
    if element.get("hidden") is not None:
        return "hidden attribute"
    if element.get("aria-hidden", "").lower() == "true":
        return "aria-hidden"
    if _FOR_SCREEN_READERS & set(element.get("class", "").split()):
        return "for screen readers only"
    for prop, values in (
        ("display", {"none"}),
        ("visibility", {"hidden", "collapse"}),
        ("content-visibility", {"hidden"}),
    ):
        if style.get(prop) in values:
            return f"{prop}: {style[prop]}"
    if _number(style.get("opacity"), 1.0) < 0.1:
        return "transparent"
    if _off_screen(style):
        return "off the screen"
    if not (element.text or "").strip() and not any((child.tail or "").strip() for child in element):
        return ""  # size and colour matter only where words stand; children are judged by their own
    if seen.size < _SMALLEST:
        return "tiny letters"
    if seen.ground is not None and all(abs(a - b) < _NEAR for a, b in zip(seen.colour, seen.ground, strict=True)):
        return "letters in the colour of the page"
    return ""


def _off_screen(style: Style) -> bool:
    moved = ("text-indent", "left", "top", "right", "bottom", "margin-left", "margin-top")
    if any(_pixels(style.get(name)) < _FAR for name in moved):
        return True
    if re.search(r"translate[xy]?\(\s*-\d{3,}|scale\(\s*0(?:\.0*)?\s*[,)]", style.get("transform", "")):
        return True
    if re.search(r"rect\(\s*(?:0|1px)\D", style.get("clip", "")) or "inset(50%" in style.get("clip-path", ""):
        return True
    cut = style.get("overflow", style.get("overflow-y", "")) in {"hidden", "clip"}
    sides = ("width", "height", "max-width", "max-height")
    return cut and any(0 <= _pixels(style.get(side), 99.0) <= 1 for side in sides)


def _seen(element: etree._Element, style: Style, above: Seen) -> Seen:
    colour = _colour(style.get("color") or element.get("color")) or above.colour
    ground = above.ground
    painted = style.get("background-color") or style.get("background") or element.get("bgcolor")
    if painted and painted not in {"transparent", "none", "inherit", "initial"}:
        ground = _colour(painted)
    if "url(" in style.get("background-image", "") or "gradient(" in style.get("background-image", ""):
        ground = None
    if style.get("color") == "transparent" and ground is not None:
        colour = ground
    return Seen(colour=colour, ground=ground, size=_size(style.get("font-size"), above.size))


def _size(value: str | None, above: float) -> float:
    match = _LENGTH.fullmatch(value or "")
    if match is None:
        return above
    if match[2] in {"em", "%", "ex"}:
        return float(match[1]) * above * {"em": 1.0, "%": 0.01, "ex": 0.5}[match[2]]
    return float(match[1]) * _PIXELS.get(match[2], 16.0)


def _pixels(value: str | None, otherwise: float = 0.0) -> float:
    match = _LENGTH.fullmatch(value or "")
    return float(match[1]) * _PIXELS.get(match[2], 10.0) if match else otherwise


def _number(value: str | None, otherwise: float) -> float:
    try:
        return float((value or "").removesuffix("%")) / (100 if (value or "").endswith("%") else 1)
    except ValueError:
        return otherwise


def _colour(value: str | None) -> Colour | None:
    value = (value or "").strip().lower()
    if value in _NAMES:
        return _NAMES[value]
    digits = value.removeprefix("#")
    if re.fullmatch(r"[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}", digits):
        pairs = [digit * 2 for digit in digits[:3]] if len(digits) < 6 else [digits[0:2], digits[2:4], digits[4:6]]
        return (int(pairs[0], 16), int(pairs[1], 16), int(pairs[2], 16))
    match = _RGB.search(value)
    numbers = re.findall(r"[\d.]+", match[1]) if match else []
    if len(numbers) >= 3:
        red, green, blue = (min(255, int(float(number))) for number in numbers[:3])
        return (red, green, blue)
    return None


def _style(element: etree._Element, rules: Rules) -> Style:
    name = local_name(element)
    style: Style = dict(rules.get(name, {}))
    for part in (*(f".{token}" for token in element.get("class", "").split()), f"#{element.get('id', '')}"):
        style |= rules.get(part, {})
        style |= rules.get(f"{name}{part}", {})
    return style | _declarations(element.get("style", ""))


def _rules(root: etree._Element) -> Rules:
    """Rules with a plain selector (a tag, a class, an id); those for print or other media are passed over."""
    rules: dict[str, Style] = {}
    for sheet in root.iter("style"):
        css = _MEDIA.sub(_screen_only, _COMMENT.sub("", sheet.text or ""))
        for selectors, body in _RULE.findall(css):
            for selector in selectors.split(","):
                match = _SIMPLE.fullmatch(selector.strip())
                if match and match[0]:
                    key = (match[1] or "").lower() + (match[2] or "")
                    rules[key] = rules.get(key, {}) | _declarations(body)
    return rules


def _screen_only(match: re.Match[str]) -> str:
    media = match[1].strip().lower()
    return match[2] if media in {"screen", "all", "only screen"} else ""


def _declarations(css: str) -> Style:
    pairs = (part.partition(":") for part in css.split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower() for name, colon, value in pairs if colon
    }


def drop(element: etree._Element) -> None:
    """Remove an element but not the words after it; the words around it stay apart."""
    parent = element.getparent()
    if parent is None:
        element.clear()
        return
    before = element.getprevious()
    tail = f" {element.tail or ''}"
    if before is not None:
        before.tail = ((before.tail or "") + tail).translate(_CONTROLS)
    else:
        parent.text = ((parent.text or "") + tail).translate(_CONTROLS)
    parent.remove(element)
