"""A real SMTP server for the tests: prints its port, then every message it takes as a line of JSON.

Mail to `refused@…` is refused for good, to `busy@…` for now. It ends when its standard input does.
"""

import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP

REFUSALS = {"refused": "550 5.1.1 no such person here", "busy": "451 4.3.0 try again later"}


def body(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return part.get_content() if part else ""


class Keep:
    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = REFUSALS.get(address.partition("@")[0])
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": str(message["Subject"]),
            "text": body(message, "plain"),
            "html": body(message, "html"),
            "headers": {name.lower(): str(value) for name, value in message.items()},
        }
        print(json.dumps(mail), flush=True)
        return "250 OK"


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Keep(), enable_SMTPUTF8=True), "127.0.0.1", int(sys.argv[1]))
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
