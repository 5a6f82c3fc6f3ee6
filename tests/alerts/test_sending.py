"""Sending errors: what a sender has is recognised, every kind is explained and has a row of the policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules.alerts import Knowledge
from casrules.alerts.sending import SendingRules, kind_of, load_sending, shipped_sending
from casrules.errors import PackError

SAID = {
    "ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))": "reset",
    "http.client.RemoteDisconnected: Remote end closed connection without response": "reset",
    "java.net.SocketTimeoutException: Read timed out": "read-timeout",
    "java.net.SocketTimeoutException: connect timed out": "unreachable",
    "curl: (28) Failed to connect to api.example port 443: Connection timed out": "unreachable",
    "java.net.NoRouteToHostException: No route to host": "unreachable",
    "OSError: [Errno 111] Connection refused": "refused",
    "socket.gaierror: [Errno -2] Name or service not known": "dns-unknown",
    "java.net.UnknownHostException: api.example": "dns-unknown",
    "curl: (6) Could not resolve host: api.example": "dns-unknown",
    "socket.gaierror: [Errno -3] Temporary failure in name resolution": "dns-failure",
    "SSLCertVerificationError: certificate verify failed: certificate has expired": "tls-server-certificate",
    "PKIX path building failed: unable to find valid certification path to requested target": "tls-server-certificate",
    "ssl.SSLError: [SSL: SSLV3_ALERT_BAD_CERTIFICATE] sslv3 alert bad certificate": "tls-client-certificate",
    "tlsv13 alert certificate required": "tls-client-certificate",
    "javax.net.ssl.SSLHandshakeException: No appropriate protocol": "tls-protocol",
    "ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number": "tls-protocol",
    "urllib3.exceptions.ProxyError: Tunnel connection failed: 407 Proxy Authentication Required": "proxy",
    "HTTPError: 502 Server Error: Bad Gateway for url": "gateway",
    'POST /declarations HTTP/1.1" 503 512': "unavailable",
    "status=429 too many requests": "throttled",
    "HTTP/1.1 401 Unauthorized\r\n\r\n": "credentials",
    "HTTP/1.1 413 x\r\n\r\n": "too-large",
    'HTTP/1.1 503 x\r\n\r\n{"code": "SCHEDULED_MAINTENANCE", "message": "x"}': "maintenance",
    "2025-02-01 ERROR EBMS:0301 no receipt": "receipt-missing",
    "EBMS:0202 DeliveryFailure": "delivery-failure",
    "550 5.1.1 user unknown": "mail-permanent",
    "451 4.7.1 greylisted": "mail-temporary",
    "com.ibm.mq.MQException: MQRC_Q_FULL": "queue",
    "sftp: rename failed": "file-transfer",
    "the service is down for maintenance until noon": "maintenance",
    "UNB+UNOC:3+R+S+250201:0901+77'UNH+1+CONTRL:4:1:UN'UCI+IC1+S+R+4+26'UNT+3+1'UNZ+1+77'": "duplicate",
    "[Errno 111] Connection refused": "refused",
    "[2025-02-01 08:00] ERROR Read timed out": "read-timeout",
    "all is well": "",
    "": "",
}


@pytest.mark.parametrize("said", SAID)
def test_what_a_sender_has_is_recognised(said: str) -> None:
    assert kind_of(said) == SAID[said]


def test_every_kind_is_explained_and_every_code_it_names(knowledge: Knowledge) -> None:
    known = {(list_, code) for _, list_, code in knowledge.codes}
    for name, kind in shipped_sending().kinds.items():
        assert knowledge.explain("TRANSPORT", "SENDING", name) is not None, name
        for list_, codes in kind.codes.items():
            assert {(list_, code) for code in codes} <= known, name


def test_a_code_is_of_one_kind() -> None:
    named = [
        (list_, code) for kind in shipped_sending().kinds.values() for list_ in kind.codes for code in kind.codes[list_]
    ]
    assert len(named) == len(set(named))


def test_every_code_of_transport_has_a_kind(knowledge: Knowledge) -> None:
    rules = shipped_sending()
    taken = {"200", "201", "202", "204"}
    for _, list_, code in knowledge.codes:
        if list_ in ("HTTP", "EBMS", "SENDING", "0085", "SOAP") and code not in taken:
            assert rules.kind(list_, code), (list_, code)


def test_what_may_have_arrived_is_never_sent_again_blindly() -> None:
    rules = shipped_sending()
    for name, kind in rules.kinds.items():
        if kind.delivered == "unknown":
            assert kind.again in ("query", "same-id", "never"), name
    assert all(list(row.waits) == sorted(row.waits) for row in rules.policy.retry.values())


def copied(folder: Path, name: str, old: str, new: str) -> SendingRules:
    from casrules.resources import rulesets_folder

    for path in (rulesets_folder() / "errors" / "sending").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.name == name:
            assert old in text
            text = text.replace(old, new, 1)
        (folder / path.name).write_text(text, encoding="utf-8")
    return load_sending(folder)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("taxonomy.yaml", "again: later", "again: perhaps"),
        ("taxonomy.yaml", "    side: own", "    side: mine"),
        ("policy.yaml", "when: {maintenance: {min: 1}}", "when: {weather: {min: 1}}"),
        ("policy.yaml", "when: {}", "when: {failing: {min: 0}}"),
        ("policy.yaml", "window_minutes: 10", "window_minutes: 0"),
        ("notices.yaml", "deliver: hold}", "deliver: maybe}"),
    ],
)
def test_broken_files_are_told(tmp_path: Path, name: str, old: str, new: str) -> None:
    with pytest.raises(PackError):
        copied(tmp_path, name, old, new)


def test_the_table_of_the_documentation_is_the_taxonomy(repository: Path) -> None:
    text = (repository / "docs" / "sending.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| `")]
    written = {row[1].strip(" `"): tuple(cell.strip() for cell in (row[2], row[4], row[5])) for row in rows}
    assert written == {name: (kind.title, kind.delivered, kind.again) for name, kind in shipped_sending().kinds.items()}
