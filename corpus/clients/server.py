"""python3 server.py 0|1: as server.js, with the package websockets."""

import asyncio
import sys

import websockets


def report(line):
    print(line, flush=True)


async def serve(socket, *_):
    extensions = (socket if hasattr(socket, "extensions") else socket.protocol).extensions
    report("open deflate" if extensions else "open")
    await socket.send("hello")
    try:
        async for text in socket:
            if text == "close":
                await socket.close(4001, "as you wish")
            else:
                await socket.send("echo: " + text)
    except websockets.ConnectionClosed:
        pass
    # Of the client's close frame.
    report("close %d %s" % (socket.close_code, socket.close_reason))


async def main():
    compression = "deflate" if sys.argv[1] == "1" else None
    async with websockets.serve(serve, "127.0.0.1", 0, compression=compression) as server:
        report("listening %d" % next(iter(server.sockets)).getsockname()[1])
        await asyncio.Future()


asyncio.run(main())
