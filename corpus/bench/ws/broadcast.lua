-- Sends every message to all connections.
local coromega = require("coromega").from(require("omega"))

local conns = {}
local listener = coromega:create_websocket_server("127.0.0.1", 0)
listener:when_new_conn(function(conn)
    conns[conn] = true
    conn:when_new_msg(function(msg)
        if msg == nil then
            conns[conn] = nil
            return
        end
        for other in pairs(conns) do
            other:send_message(msg)
        end
    end)
end)
print("listening " .. listener:port())
coromega:run()
