"""LaTeX in bibliographic fields as Unicode, so that no sign, exponent or limit is lost.

pylatexenc reads the markup and knows the symbols; its own rendering is not used, because it drops commands it does not
know ("\\textgreater 5" becomes "5") and flattens "10\\textsuperscript{9}" to "109". What has no known reading stays
as printed, and the caller is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db  # type: ignore[import-untyped]
from pylatexenc.latexwalker import (  # type: ignore[import-untyped]
    LatexCharsNode,
    LatexCommentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerError,
)

from vademecum.literature.formats.text import raised

_FONT = frozenset(
    re.split(
        r"\|",
        "emph|textbf|textit|textrm|textsf|textsc|texttt|textup|textnormal|textmd|textsl|text|mathrm|mathbf|mathit|mathsf|"
        "mathcal|mathbb|mbox|ensuremath|uppercase|lowercase|underline",
    )
)
_SWITCH = frozenset(re.split(r"\|", "it|bf|rm|sc|sf|tt|em|sl|itshape|bfseries|rmfamily|scshape|upshape|relax|protect"))
_SYMBOLS = {
    "textgreater": ">", "textless": "<", "degree": "°", "textdegree": "°", "circ": "°", "textmu": "µ", "micro": "µ",
    "textperthousand": "‰", "textpm": "±", "textmultiply": "×", "texttimes": "×", "leqslant": "≤", "geqslant": "≥",
    "textonehalf": "½", "textbackslash": "\\", "textbar": "|", "textasciitilde": "~", "textasciicircum": "^",
    "textasteriskcentered": "*", "%": "%", "&": "&", "$": "$", "#": "#", "_": "_", "{": "{",
    "}": "}", " ": " ", ",": "\u2009", ";": " ", ":": " ", "!": "", "/": "", "-": "", "\\": " ", "quad": " ",
    "qquad": " ", "left": "", "right": "", "slash": "/", "newline": " ", "par": " ", "sim": "~",
}  # fmt: skip
_RAISED = {"textsuperscript": "sup", "textsubscript": "sub"}
_MARKS = {"^": "sup", "_": "sub"}
_ACCENTS = frozenset("'`\"^~=.uvHtcdbrk")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_DOLLAR = re.compile(r"(?<!\\)\$")
_KNOWN = get_default_latex_context_db()
_RENDER = LatexNodes2Text(math_mode="text")


def plain(text: str) -> tuple[str, tuple[str, ...]]:
    r"""The text without LaTeX, and the commands that were left as printed.

    >>> plain(r"M{\"u}ller, $\geq$ 5 $\times 10^{9}$/L")
    ('Müller, ≥ 5 ×10⁹/L', ())
    """
    if not any(sign in text for sign in "\\{}$~`'-"):
        return text, ()
    readable = _BARE_PERCENT.sub(r"\\%", text)  # a comment in LaTeX, a percent sign in a bibliography
    if len(_DOLLAR.findall(readable)) % 2:
        readable = _DOLLAR.sub(r"\\$", readable)
    try:
        nodes, _, _ = LatexWalker(readable, tolerant_parsing=False).get_latex_nodes()
    except (LatexWalkerError, RecursionError):
        return text, ("unbalanced braces",)
    unknown: list[str] = []
    return "".join(_words(nodes, unknown, math=False)), tuple(dict.fromkeys(unknown))


def _words(nodes: Sequence[LatexNode], unknown: list[str], *, math: bool) -> Iterator[str]:
    """The nodes as text; in mathematics the node or character after ^ or _ is set above or below the line."""
    mark = ""  # what the next node is raised as
    literal = False  # groups after an unknown command are its arguments
    for node in nodes:
        if node is None or node.isNodeType(LatexCommentNode):
            continue
        if node.isNodeType(LatexMacroNode) and _is_unknown(node):
            unknown.append(f"\\{node.macroname}")
            yield node.latex_verbatim()
            literal = True
            continue
        if literal and node.isNodeType(LatexGroupNode):
            yield node.latex_verbatim()
            continue
        literal = False
        if node.isNodeType(LatexMacroNode) and node.macroname in _RAISED and not _arguments(node):
            mark = _RAISED[node.macroname]
            continue
        words = _word(node, unknown, math=math)
        if mark:
            head = words if not node.isNodeType(LatexCharsNode) else words[:1]
            yield head if head == "°" else raised(head, mark)
            words, mark = words[len(head) :], ""
        if math and node.isNodeType(LatexCharsNode):
            mark = _MARKS.get(words[-1:], "")
            yield from _scripts(words[:-1] if mark else words)
        else:
            yield words


def _scripts(words: str) -> Iterator[str]:
    """Plain characters of a formula with single raised characters: "x^2 + y_1"; "10^-6" is left for a reader to see."""
    at = 0
    for match in re.finditer(r"([\^_])([^\s+-])", words):
        yield words[at : match.start()]
        yield raised(match[2], _MARKS[match[1]])
        at = match.end()
    yield words[at:]


def _word(node: LatexNode, unknown: list[str], *, math: bool) -> str:
    if node.isNodeType(LatexCharsNode):
        return str(node.chars)
    if node.isNodeType(LatexGroupNode):
        return "".join(_words(node.nodelist, unknown, math=math))
    if node.isNodeType(LatexMathNode):
        return "".join(_words(node.nodelist, unknown, math=True))
    if node.isNodeType(LatexMacroNode):
        return _macro(node, unknown, math=math)
    if node.isNodeType(LatexSpecialsNode):
        return {"~": "\u00a0", "&": "&", "#": "#"}.get(node.specials_chars) or str(_RENDER.node_to_text(node))
    unknown.append(node.latex_verbatim().split("}")[0] + "}")
    return str(node.latex_verbatim())


def _macro(node: LatexMacroNode, unknown: list[str], *, math: bool) -> str:
    name = node.macroname
    space = " " if not math and name.isalpha() and not _arguments(node) and node.macro_post_space else ""
    if name in _RAISED:
        return raised("".join(_words(_arguments(node), unknown, math=math)), _RAISED[name])
    if name == "frac" and len(_arguments(node)) == 2:
        top, bottom = ("".join(_words([part], unknown, math=math)) for part in _arguments(node))
        return f"{top}/{bottom}" if len(top) + len(bottom) == 2 else f"({top})/({bottom})"
    if name in _FONT:
        return "".join(_words(_arguments(node), unknown, math=math))
    if name in _SWITCH:
        return ""
    if name in _SYMBOLS:
        return _SYMBOLS[name] + (space if _SYMBOLS[name] and not _SYMBOLS[name].isspace() else "")
    return str(_RENDER.node_to_text(node)) + space


def _arguments(node: LatexMacroNode) -> list[LatexNode]:
    given = node.nodeargd.argnlist if node.nodeargd is not None and node.nodeargd.argnlist else []
    return [argument for argument in given if argument is not None]


def _is_unknown(node: LatexMacroNode) -> bool:
    name = node.macroname
    if name in _FONT or name in _SWITCH or name in _SYMBOLS or name in _RAISED or name in {"frac"} | _ACCENTS:
        return False
    known = _KNOWN.get_macro_spec(name)
    replacement = getattr(known, "simplify_repl", None)
    return not (isinstance(replacement, str) and replacement and "%" not in replacement)
