// node node.js echo|broadcast: the server with node's package ws.
const { WebSocketServer, WebSocket } = require("ws");

const broadcast = process.argv[2] === "broadcast";
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("connection", (conn) => {
  conn.on("error", () => {});
  conn.on("message", (data, binary) => {
    if (!broadcast) {
      conn.send(data, { binary });
      return;
    }
    for (const other of server.clients) {
      if (other.readyState === WebSocket.OPEN) {
        other.send(data, { binary });
      }
    }
  });
});
server.on("listening", () => console.log("listening " + server.address().port));
