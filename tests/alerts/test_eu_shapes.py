"""The shapes of the EU's systems and of the countries' own forms: what is read, what it means, how it is explained."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from casrules import Engine
from casrules.alerts import Knowledge
from casrules.findings import Report, Violation

NCTS = 'xmlns:n="http://ncts.dgtaxud.ec"'
AES = 'xmlns:n="http://ecs.dgtaxud.ec"'
NOTICES = {
    "CC928C": "registered",
    "CC028C": "accepted",
    "CC004C": "accepted",
    "CC029C": "released",
    "CC025C": "released",
    "CC045C": "released",
    "CC043C": "pending",
    "CC060C": "pending",
    "CC022C": "pending",
    "CC019C": "pending",
    "CC140C": "pending",
    "CC051C": "rejected",
    "CC035C": "information",
    "CC182C": "information",
    "CC528C": "accepted",
    "CC529C": "released",
    "CC551C": "rejected",
    "CC560C": "pending",
    "CC582C": "pending",
    "CC599C": "released",
}


def error(pointer: str, code: str, reason: str, more: str = "") -> str:
    """One functional error."""
    return (
        f"<FunctionalError><errorPointer>{pointer}</errorPointer><errorCode>{code}</errorCode>"
        f"<errorReason>{reason}</errorReason>{more}</FunctionalError>"
    )


def answer(root: str, content: str, namespace: str = NCTS) -> bytes:
    """An answer of the EU's form."""
    return f"<n:{root} {namespace}>{content}</n:{root}>".encode()


def only(report: Report) -> Violation:
    """The one finding on the declaration."""
    (finding,) = [one for one in report.violations if one.rule.startswith("customs.")]
    return finding


@pytest.mark.parametrize("name", ["CL180", "CL226", "CL252"])
def test_every_code_of_the_list_is_explained(knowledge: Knowledge, repository: Path, name: str) -> None:
    with (repository / "schemas/codelists" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert len(codes) >= 3
    for code in codes:
        entry = knowledge.explain("NCTS", name, code)
        assert entry is not None and entry.remedy and entry.meaning, code


def test_every_xml_code_is_explained(knowledge: Knowledge, repository: Path) -> None:
    with (repository / "schemas/codelists/CL030.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert len(codes) == 15
    assert all(knowledge.explain(system, "CL030", code) for code in codes for system in ("NCTS", "AES"))


@pytest.mark.parametrize(("root", "outcome"), NOTICES.items())
def test_notices_tell_where_the_declaration_stands(engine: Engine, root: str, outcome: str) -> None:
    operation = "TransitOperation" if root < "CC2" or root == "CC928C" else "ExportOperation"
    namespace = NCTS if operation == "TransitOperation" else AES
    report = engine.decode(answer(root, f"<{operation}><MRN>25GB00000000000001</MRN></{operation}>", namespace))
    assert report.answer is not None and report.answer.outcome == outcome
    assert report.document.mrn == "25GB00000000000001"
    expected = {"accepted": "accept", "released": "accept", "rejected": "reject"}.get(outcome, "undetermined")
    assert report.verdict.outcome == expected


@pytest.mark.parametrize(
    ("root", "namespace", "sender", "system"),
    [
        ("CC906C", NCTS, "NTA.GB", "NCTS"),
        ("CC906C", AES, "NECA.IE", "AES"),
        ("CC906C", 'xmlns:n="urn:x"', "", ""),
        ("CC906C", "", "NECA.IE", "AES"),
        ("CC906C", "", "NTA.GB", "NCTS"),
    ],
)
def test_a_shared_answer_is_told_by_namespace_and_sender(
    engine: Engine, root: str, namespace: str, sender: str, system: str
) -> None:
    content = f"<messageSender>{sender}</messageSender><Header><LRN>A</LRN></Header>{error('/CC015C', '92', 'N/A')}"
    document = answer(root, content, namespace) if namespace else f"<{root}>{content}</{root}>".encode()
    report = engine.decode(document)
    if system:
        assert only(report).authority[0].system == system
    else:
        assert only(report).authority[0].system == "EU"
    assert only(report).title == "the message comes at the wrong time"
    assert "N/A" not in only(report).message.text


def test_the_rule_that_is_named_comes_before_the_code(engine: Engine) -> None:
    content = "<TransitOperation><businessRejectionType>015</businessRejectionType></TransitOperation>" + error(
        "/CC015C/Consignment/PlaceOfLoading", "13", "C0403"
    )
    report = engine.decode(answer("CC056C", content))
    finding = only(report)
    page = next(page for page in engine.rules() if page.id == "eu.ncts.C0403")
    assert finding.title == page.title
    assert finding.reported is not None and finding.reported.covered_by == ("eu.ncts.C0403",)
    assert finding.law and finding.remedy and finding.explain == "casrules explain eu.ncts.C0403"
    assert finding.message.text.startswith("An element is missing. The authority names C0403: ")
    assert report.answer is not None and report.answer.title == "the transit declaration is rejected"


@pytest.mark.parametrize(
    ("reason", "cause", "title"),
    [
        ("G0033", "master_data", "the authorisation is not valid"),
        ("BR20004", "master_data", "the trader may not make this declaration"),
        ("BR20006", "configuration", "the local reference number is missing or was used before"),
        ("R9999", "message", "a rule is broken"),
    ],
)
def test_reasons_without_a_rule_are_explained(engine: Engine, reason: str, cause: str, title: str) -> None:
    report = engine.decode(answer("CC056C", error("/CC015C/Guarantee[1]/guaranteeType", "14", reason)))
    finding = only(report)
    assert (finding.cause, finding.title) == (cause, title)
    assert reason in finding.message.text
    assert finding.reported is not None and finding.reported.covered_by == ()


def test_each_reason_of_each_guarantee_is_told(engine: Engine) -> None:
    def guarantee(grn: str, *codes: str) -> str:
        reasons = "".join(f"<InvalidGuaranteeReason><code>{code}</code></InvalidGuaranteeReason>" for code in codes)
        return f"<GuaranteeReference><GRN>{grn}</GRN>{reasons}</GuaranteeReference>"

    report = engine.decode(answer("CC055C", guarantee("24GB0000010000295", "G02", "G09") + guarantee("B", "G03")))
    told = {(one.authority[0].code, one.reported.value if one.reported else "") for one in report.violations}
    assert told == {("G02", "24GB0000010000295"), ("G09", "24GB0000010000295"), ("G03", "B")}


@pytest.mark.parametrize("in_header", [True, False])
def test_the_envelope_of_northern_ireland(engine: Engine, in_header: bool) -> None:
    kind = "CD917C"
    header = f"<Header>{f'<messageType>{kind}</messageType>' if in_header else ''}</Header>"
    body = f"<messageCode>{'CC507C' if in_header else kind}</messageCode><MRN>M</MRN>"
    fault = "<XmlError><errorPointer>/CC507C/x</errorPointer><errorCode>39</errorCode><errorText>t</errorText>"
    fault += "<originalAttribute>long</originalAttribute></XmlError>"
    text = f'<AESDigitalNotification xmlns="urn:x">{header}<Body>{body}{fault}</Body></AESDigitalNotification>'
    report = engine.decode(text.encode())
    finding = only(report)
    assert finding.title == "the value is too long"
    assert finding.reported is not None and finding.reported.value == "long"
    assert report.answer is not None and report.answer.function == kind


@pytest.mark.parametrize(("action", "outcome"), [("1", "accept"), ("5", "accept"), ("9", "reject"), ("abc", "reject")])
def test_the_action_of_northern_ireland(engine: Engine, action: str, outcome: str) -> None:
    text = f"<AESDigitalNotification><Header/><Body><actionCode>{action}</actionCode></Body></AESDigitalNotification>"
    assert engine.decode(text.encode()).verdict.outcome == outcome


def test_spanish_reasons_and_texts(engine: Engine) -> None:
    errors = error("/CC515C/ExportOperation/LRN", "14", "1160", "<errorDescription>duplicada</errorDescription>")
    inside = f"<ControlRespuesta><tipoRespuesta>EF</tipoRespuesta></ControlRespuesta>{errors}"
    body = f'<e:Body><CC515CV1Sal xmlns="urn:es">{inside}</CC515CV1Sal></e:Body>'
    text = f'<e:Envelope xmlns:e="urn:soap">{body}</e:Envelope>'
    report = engine.decode(text.encode())
    finding = only(report)
    assert finding.title == "the declaration was already sent"
    assert finding.cause == "configuration"
    assert finding.reported is not None and finding.reported.text == "duplicada"
    assert report.document.jurisdiction == "ES"


def test_a_spanish_release(engine: Engine) -> None:
    released = "<LRN>L</LRN><MRN>M</MRN><fechaLevante>2026-04-24</fechaLevante>"
    taken = f"<DatosRespuestaCorrecta>{released}</DatosRespuestaCorrecta>"
    report = engine.decode(f'<CC015CV1Sal xmlns="urn:es">{taken}</CC015CV1Sal>'.encode())
    assert report.verdict.outcome == "accept"
    assert (report.document.lrn, report.document.mrn) == ("L", "M")


def test_spanish_imports_name_an_element(engine: Engine) -> None:
    named = "<EtiquetaConError>C30</EtiquetaConError><ValorErroneo>9</ValorErroneo>"
    fault = f"<Error><CodigoError>1180</CodigoError>{named}</Error>"
    text = f"<DeclaSimpliImporV1Sal><CodigoRespuesta>9</CodigoRespuesta>{fault}</DeclaSimpliImporV1Sal>"
    finding = only(engine.decode(text.encode()))
    assert finding.title == "the place of the goods is not known"
    assert finding.cause == "master_data"
    assert all(place.role == "candidate" for place in finding.locations)


def test_finnish_errors(engine: Engine) -> None:
    fault = (
        "<Error><Code>ConditionViolationGroupExcess</Code><Reason>C0337</Reason><Description>en:Once</Description>"
        "<Pointer><Location>/FI015A/Consignment/Freight</Location></Pointer></Error>"
    )
    text = (
        '<FI016A xmlns="urn:fi"><FunctionalReference function="LRN">L</FunctionalReference>'
        '<FunctionalReference function="MRN">M</FunctionalReference>'
        f"<Notification><Type>HYL</Type>{fault}</Notification></FI016A>"
    )
    report = engine.decode(text.encode())
    finding = only(report)
    assert finding.reported is not None
    assert (finding.reported.text, finding.reported.covered_by) == ("Once", ("eu.ncts.C0337",))
    assert (report.document.lrn, report.document.mrn) == ("L", "M")
    assert finding.primary is not None and finding.primary.role == "candidate"  # a name of the Finnish message


def test_danish_notifications_link_their_rules(engine: Engine) -> None:
    errors = "".join(
        f"<Error><Pointer><DocumentSectionCode>/D/GoodsItem[2]/x</DocumentSectionCode></Pointer>"
        f"<ValidationCode>{code}</ValidationCode><ValidationText>18 01 001 000 is wrong</ValidationText></Error>"
        for code in ("DK3078", "DKW9891", "DK9999")
    )
    text = f"<Notification><NotificationEventType>DMSREJ</NotificationEventType><Declaration/>{errors}</Notification>"
    report = engine.decode(text.encode())
    by_code = {one.authority[0].code: one for one in report.violations}
    assert by_code["DK3078"].reported and by_code["DK3078"].reported.covered_by == ("dk.import.DK3078",)
    assert by_code["DK3078"].primary and by_code["DK3078"].primary.number == "18 01 001 000"
    assert by_code["DKW9891"].severity == "warning"
    assert by_code["DK9999"].title == "DK9999 is not a code this library explains"
    assert report.verdict.outcome == "reject"


def test_a_danish_warning_alone_rejects_nothing(engine: Engine) -> None:
    report = engine.decode(b"2026-01-01 WARN DKW9891 value per kilogram, 18 01 001 000\n")
    assert report.verdict.outcome == "undetermined"
    assert [one.severity for one in report.violations] == ["warning"]


def test_what_danish_interfaces_say_at_once(engine: Engine) -> None:
    result = (
        "<ValidationResults><isRejecting>true</isRejecting><ValidationResultText>14 01 000 000 is missing"
        "</ValidationResultText><ViolatedRule>DK3072</ViolatedRule></ValidationResults>"
    )
    inner = f"<validationResponse><lrn>L</lrn>{result}</validationResponse>"
    for text in (
        f"<ErrorMessageDTO><lrn>L</lrn>{inner}</ErrorMessageDTO>",
        f"<ValidationResponse>{result}</ValidationResponse>",
    ):
        finding = only(engine.decode(text.encode()))
        assert finding.reported is not None and finding.reported.covered_by == ("dk.import.DK3072",)


def test_an_error_of_an_unknown_answer_in_the_form_of_the_eu(engine: Engine) -> None:
    report = engine.decode(answer("CC999Z", error("/CC999/x", "13", "C0001"), 'xmlns:n="urn:x"'))
    assert report.answer is not None and report.answer.shape == "eu.functional_errors"
    assert only(report).title == "an element is missing"
