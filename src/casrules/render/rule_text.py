"""A rule's page, and the list of rules, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casrules.findings import RulePage
from casrules.findings.summary import counted
from casrules.render.escaping import visible
from casrules.render.options import RenderOptions
from casrules.render.terminal import Paint, wrapped
from casrules.render.wording import SEVERITY_WORDS

_LABEL = 14
_EXAMPLE_WORDS = {
    "valid": "conforms",
    "invalid": "violates",
    "not_applicable": "not applicable",
    "known_gap": "known gap",
}


def render_page(page: RulePage, options: RenderOptions) -> Iterator[str]:
    """The lines of one rule's page."""
    paint = Paint(options.color)
    status = "" if page.status == "stable" else f", {page.status}"
    yield f"{paint('bold', page.id)}  {paint('bold', page.title)}"
    yield paint("dim", f"{SEVERITY_WORDS[page.severity]}, {page.category}{status}")
    if page.description:
        yield ""
        yield from wrapped(page.description, options.width, 0)
    yield ""
    for label, text in _facts(page):
        yield from _labelled(label, text, options, paint)
    if page.examples:
        yield ""
        yield paint("bold", "Examples")
    for example in page.examples:
        why = f" ({example.why})" if example.why else ""
        yield from _labelled(_EXAMPLE_WORDS[example.kind], f"{example.given}{why}", options, paint)


def _facts(page: RulePage) -> Iterator[tuple[str, str]]:
    for sentence in page.requires.splitlines():
        yield "demands", sentence
    yield "when", page.applies_when
    for line in page.condition.splitlines():
        yield "condition", line
    yield "visits", page.visits
    for item in page.scope:
        yield item.name, ", ".join(item.values)
    yield (
        "valid",
        " ".join(
            part
            for part in (
                page.valid_from and f"from {page.valid_from}",
                page.valid_to and f"to {page.valid_to}",
            )
            if part
        ),
    )
    for message in page.message.splitlines():
        yield "message", message
    yield "remedy", page.remedy
    for alternative in page.alternatives:
        yield "or", alternative
    for fix in page.fixes:
        yield "fix", fix
    for suggestion in page.suggestions:
        yield "prevent", suggestion
    for reference in page.law:
        yield "law", f"{reference} {reference.url}".strip()
    for authority in page.authority:
        yield "customs", str(authority)
    yield "specialises", page.specialises
    yield "also known as", ", ".join(page.aliases)
    yield "replaced by", page.replaced_by
    yield "pack", f"{page.pack} {page.pack_version}".strip()
    yield "since", page.since


def _labelled(label: str, text: str, options: RenderOptions, paint: Paint) -> Iterator[str]:
    if not text:
        return
    for number, line in enumerate(wrapped(text, options.width, _LABEL + 2)):
        yield f"{paint('dim', label.ljust(_LABEL)) if number == 0 else ' ' * _LABEL}  {line}"


def render_rules(pages: Sequence[RulePage], options: RenderOptions) -> Iterator[str]:
    """One line a rule: severity, id, title; then how many there are."""
    paint = Paint(options.color)
    longest = max((len(page.id) for page in pages), default=0)
    for page in pages:
        word = SEVERITY_WORDS[page.severity]
        severity = paint(page.severity, word) + " " * (8 - len(word))
        name = paint("bold", page.id) + " " * (longest - len(page.id))
        status = "" if page.status == "stable" else paint("dim", f" ({page.status})")
        yield f"{severity}{name}  {visible(page.title)}{status}"
    yield counted(len(pages), "rule")
