// What every foreign client does, given a WebSocket class with the browser's
// interface: it resolves to a list of what happened, one string each.
function talk(WebSocket, url) {
    return new Promise((resolve) => {
        const log = [];
        const large = "x".repeat(100000);
        const answers = [
            ["hello", "plain"],
            ["echo: plain", "日本語 é 😀"],
            ["echo: 日本語 é 😀", ""],
            ["echo: ", large],
            ["echo: " + large, "close"],
        ];
        const socket = new WebSocket(url);
        socket.onopen = () => log.push(socket.extensions ? "open deflate" : "open");
        socket.onerror = (e) => log.push("error " + (e.message || ""));
        socket.onmessage = (e) => {
            const [expected, reply] = answers.shift();
            log.push(e.data === expected ? "ok" : "expected " + expected.slice(0, 40) + ", got " + String(e.data).slice(0, 40));
            socket.send(reply);
        };
        socket.onclose = (e) => {
            log.push("close " + e.code + " " + e.reason + " " + e.wasClean);
            resolve(log);
        };
        setTimeout(() => resolve(log.concat("timeout")), 15000);
    });
}

if (typeof module !== "undefined") {
    module.exports = talk;
}
