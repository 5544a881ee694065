-- Echoes every message from a handler.
local coromega = require("coromega").from(require("omega"))

local listener = coromega:create_websocket_server("127.0.0.1", 0)
listener:when_new_conn(function(conn)
    conn:when_new_msg(function(msg)
        if msg ~= nil then
            conn:send_message(msg)
        end
    end)
end)
print("listening " .. listener:port())
coromega:run()
