-- Echoes every message from a coroutine per connection that waits for it.
local coromega = require("coromega").from(require("omega"))

local listener = coromega:create_websocket_server("127.0.0.1", 0)
listener:when_new_conn(function(conn)
    for msg in function() return conn:receive_message() end do
        conn:send_message(msg)
    end
end)
print("listening " .. listener:port())
coromega:run()
