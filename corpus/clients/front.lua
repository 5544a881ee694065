-- A server that looks at who comes, for the tests with foreign clients: tokens in
-- the query, subprotocols, pages on the same port.
local omega = require("omega")
local coromega = require("coromega").from(omega)

local cert, key = ...
local server = coromega:create_websocket_server("127.0.0.1", 0, {
    protocols = { "chat", "v2.chat" }, cert = cert, key = key,
})
server:when_handshake(function(req)
    coromega:sleep(0.01)
    if req.query.token ~= "let me in" then
        return false, 401, "who are you?"
    end
    return true, { headers = { ["X-Room"] = req.path } }
end)
server:when_request(function(req)
    if req.path == "/healthz" then return 200, "ok\n" end
    if req.path == "/echo" then
        return 201, { method = req.method, body = req.body, agent = req.headers["USER-agent"] }
    end
end)
server:when_new_conn(function(conn, req)
    conn:send { path = req.path, remote = req.remote, tls = req.tls,
        host = req.host ~= "", protocol = conn:protocol() or "none" }
end)
print(server:port())
io.stdout:flush()
coromega:run()
