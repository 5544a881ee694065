"""python3 talk.py URL 0|1: talks to the server with the package websockets,
1: with compression, and prints what happened, one line each; see talk.js."""

import asyncio
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

LARGE = "x" * 100000
ANSWERS = [
    ("hello", "plain"),
    ("echo: plain", "日本語 é 😀"),
    ("echo: 日本語 é 😀", ""),
    ("echo: ", LARGE),
    ("echo: " + LARGE, "close"),
]


async def talk(url, deflate):
    # By default the package asks for a window that luago declines.
    offers = [ClientPerMessageDeflateFactory(client_max_window_bits=True)] if deflate else []
    async with websockets.connect(url, extensions=offers, compression=None) as socket:
        extensions = (socket if hasattr(socket, "extensions") else socket.protocol).extensions
        print("open deflate" if extensions else "open")
        for expected, reply in ANSWERS:
            message = await socket.recv()
            print("ok" if message == expected else "expected %.40s, got %.40s" % (expected, message))
            await socket.send(reply)
        try:
            print("expected the end, got %.40s" % await socket.recv())
        except websockets.ConnectionClosed as end:
            clean = end.rcvd is not None and end.sent is not None
            print("close %d %s %s" % (socket.close_code, socket.close_reason, str(clean).lower()))


asyncio.run(asyncio.wait_for(talk(sys.argv[1], sys.argv[2] == "1"), 15))
