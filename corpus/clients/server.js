// node server.js 0|1: the server that the compiled client talks to, with the
// package ws; 1: with compression. It greets, echoes, closes when it is told
// to, and says how connections have ended.
const { WebSocketServer } = require("ws");

const deflate = process.argv[2] === "1";
// Every message is compressed, however short.
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: deflate && { threshold: 0 } });
server.on("connection", (socket) => {
    console.log(socket.extensions ? "open deflate" : "open");
    socket.on("message", (data) => {
        const text = data.toString();
        if (text === "close") {
            socket.close(4001, "as you wish");
        } else {
            socket.send("echo: " + text);
        }
    });
    // Of the client's close frame.
    socket.on("close", (code, reason) => console.log("close " + code + " " + reason));
    socket.send("hello");
});
server.on("listening", () => console.log("listening " + server.address().port));
