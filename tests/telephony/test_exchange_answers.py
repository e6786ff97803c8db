"""Each answer that a telephone can give to a ring, in the domain's words."""

import asyncio
import re

import pytest

from tests.telephony.exchange import tone
from tests.telephony.small_voice import small_voice

pytestmark = pytest.mark.asterisk


class Stub(asyncio.DatagramProtocol):
    """A telephone that answers every INVITE with one status; 180 rings for ever."""

    status = 180

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, sender):
        text = data.decode()
        method = text.partition(" ")[0]
        if method in ("ACK", "SIP/2.0"):
            return
        echoed = re.findall(r"^(?:Via|From|To|Call-ID|CSeq):.*", text.replace("\r", ""), re.MULTILINE)
        tagged = [f"{line};tag=stub" if re.match(r"To:(?!.*;tag=)", line) else line for line in echoed]
        status = self.status if method == "INVITE" else 200
        answer = "\r\n".join([f"SIP/2.0 {status} So", *tagged, "Content-Length: 0", "", ""])
        self.transport.sendto(answer.encode(), sender)


async def test_every_answer_has_its_word(exchange):
    loop = asyncio.get_running_loop()
    transport, stub = await loop.create_datagram_endpoint(Stub, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    async with exchange() as house, small_voice(house) as voice, house.patient(tone(700)) as patient:
        pjsip = house.folder / "etc" / "pjsip.conf"
        fixed = f"[secretariat](place)\ncontact = sip:secretariat@127.0.0.1:{port}\n"
        pjsip.write_text(pjsip.read_text().replace("[secretariat](place)\n", fixed))
        await house.sidecar.reload()
        await house.registered("secretariat")
        await patient.dial(house.number)
        leg = await voice.leg()
        for status, word in ((603, "declined"), (480, "no_answer"), (486, "busy"), (404, "unreachable")):
            stub.status = status
            await leg.transfer("secretariat")
            leg = await voice.leg(8)
            assert leg.outcome == word, status
        stub.status = 603
        await leg.transfer("secretariat")
        leg = await voice.leg(8)
        await leg.transfer("seconde")  # nobody registered: the cause of the one before is not its own
        assert (await voice.leg(8)).outcome == "unreachable"
    transport.close()
