// node node.js URL: talks to the server with the package ws.
const talk = require("./talk.js");

talk(require("ws"), process.argv[2]).then((log) => {
    console.log(log.join("\n"));
    process.exit(0);
});
