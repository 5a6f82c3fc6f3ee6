"""Technical faults as drafts of violations: the same shape as every other finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from casrules.findings import Argument, Authority, Draft, Location, Message, Violation, fingerprint
from casrules.messages.faults import TechnicalFault

XML_ERROR_CODES = "CL030"
Located = Callable[[TechnicalFault], Location]


def technical_drafts(
    faults: Iterable[TechnicalFault], document: str, system: str, locate: Located
) -> list[Draft]:
    """One draft for each fault; `system` is the customs system whose code list gives the code."""
    return [Draft(_violation(fault, document, system, locate)) for fault in faults]


def plain_location(fault: TechnicalFault) -> Location:
    """The place of a fault where nothing is known of the message but its XML."""
    missing = fault.element if fault.kind == "missing_element" else ""
    return Location(
        path=fault.xpath or "document", xpath=fault.xpath, line=fault.line, label=fault.label, missing=missing,
        declared=fault.value,
    )  # fmt: skip


def _violation(fault: TechnicalFault, document: str, system: str, locate: Located) -> Violation:
    rule = f"technical.{fault.kind}"
    location = locate(fault)
    entity = (location.path, fault.facet)
    return Violation(
        rule=rule,
        fingerprint=fingerprint(rule, document=document, entity=entity, field=fault.element),
        source="technical",
        category="technical",
        severity=fault.severity,
        authority=(Authority(system=system, list=XML_ERROR_CODES, code=fault.code),) if fault.code else (),
        title=fault.label,
        message=Message(
            key=rule,
            text=fault.text,
            arguments=tuple(Argument(name=name, value=value) for name, value in fault.arguments),
        ),
        locations=(location,),
        alternatives=fault.allowed,
    )
