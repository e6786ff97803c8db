"""A telephone operator: kamailio, which demands registration and authentication from its customer.

Calls from the public network go to whoever registered; the customer's own go to one mobile.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

HOST = "127.0.0.4"
CUSTOMER = "127.0.0.1"
ACCOUNT = "0033199004712"
PROGRAM = "/usr/sbin/kamailio"

CONFIG = """\
#!KAMAILIO
debug = 1
log_stderror = yes
fork = yes
children = 2
disable_tcp = yes
listen = udp:{host}:{port}
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
request_route {{
    if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
    if (is_method("OPTIONS")) {{ sl_send_reply("200", "OK"); exit; }}
    if (has_totag()) {{
        if (is_method("ACK") && !loose_route()) {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
        loose_route();
        t_relay();
        exit;
    }}
    if (is_method("CANCEL")) {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
    if ($si == "{customer}") {{
        if (is_method("REGISTER")) {{
            if (!pv_www_authenticate("operator", "{password}", "0") || $au != "{account}") {{
                www_challenge("operator", "0"); exit;
            }}
            save("location");
            exit;
        }}
        if (!pv_proxy_authenticate("operator", "{password}", "0") || $au != "{account}") {{
            proxy_challenge("operator", "0"); exit;
        }}
        consume_credentials();
        record_route();
        $du = "sip:{mobile}";
        t_relay();
        exit;
    }}
    record_route();
    $ru = "sip:{account}@{host}:{port}";
    if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }}
    t_relay();
}}
"""


@asynccontextmanager
async def operator(folder: Path, port: int, password: str, mobile: str) -> AsyncIterator[None]:
    """Listens at `HOST:port`. `mobile`: `host:port` of the telephone that every number leads to."""
    _configure(folder, port, password, mobile)
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(PROGRAM, "-f", str(folder / "kamailio.cfg"), "-DD", "-E", "-Y", str(folder)),
            *("-P", str(folder / "pid"), "-m", "32", "-w", str(folder)),
            stdout=log,
            stderr=log,
        )
    try:
        await asyncio.sleep(1.0)
        assert process.returncode is None, f"kamailio does not start: see {folder / 'log'}"
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()


def _configure(folder: Path, port: int, password: str, mobile: str) -> None:
    folder.mkdir(parents=True)
    config = CONFIG.format(
        host=HOST, port=port, customer=CUSTOMER, password=password, account=ACCOUNT, mobile=mobile
    )
    (folder / "kamailio.cfg").write_text(config)
