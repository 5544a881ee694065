# Looks at a server of front.lua: prints a line for each thing that it finds.
import asyncio
import ssl
import sys

import websockets

url = sys.argv[1]
context = ssl.create_default_context(cafile=sys.argv[2]) if len(sys.argv) > 2 else None


async def main():
    try:
        await websockets.connect(url + "/?token=no", ssl=context)
        print("let in")
    except websockets.exceptions.InvalidHandshake as e:
        print("refused", getattr(e, "status_code", None) or e.response.status_code)
    async with websockets.connect(
        url + "/room%207?token=let+me+in", ssl=context, subprotocols=["other", "v2.chat"]
    ) as ws:
        headers = getattr(ws, "response_headers", None) or ws.response.headers
        print("open", ws.subprotocol, headers["X-Room"])
        print(await ws.recv())


asyncio.run(main())
