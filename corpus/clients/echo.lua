-- The server that foreign clients talk to: it greets, echoes, and closes when
-- it is told to. The port is the program's argument.
local coromega = require("coromega").from(require("omega"))
local port = tonumber((...))

coromega:create_websocket_server("127.0.0.1", port):when_new_conn(function(conn)
    conn:when_new_msg(function(msg)
        if msg == nil then
            print("closed")
        elseif msg == "close" then
            conn:close(4001, "as you wish")
        else
            conn:send_message("echo: " .. msg)
        end
    end)
    conn:send_message("hello")
end)
print("listening")
coromega:run()
