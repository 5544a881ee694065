-- The client that talks to foreign servers, and says what happened, one line
-- each; see talk.js. The server's URL is the program's argument.
local coromega = require("coromega").from(require("omega"))
local url = ...

local large = ("x"):rep(100000)
local answers = {
    { "hello", "plain" },
    { "echo: plain", "日本語 é 😀" },
    { "echo: 日本語 é 😀", "" },
    { "echo: ", large },
    { "echo: " .. large, "close" },
}

coromega:start_new(function()
    local conn, err = coromega:connect_to_websocket(url)
    if not conn then
        print("error " .. err)
        return
    end
    print("open")
    for _, answer in ipairs(answers) do
        local expected, reply = answer[1], answer[2]
        local msg = conn:receive_message()
        if msg == expected then
            print("ok")
        else
            print("expected " .. expected:sub(1, 40) .. ", got " .. tostring(msg):sub(1, 40))
        end
        conn:send_message(reply)
    end
    print(conn:receive_message() == nil and "closed" or "a message after the end")

    -- Now the other side ends it.
    conn = coromega:connect_to_websocket(url)
    conn:receive_message()
    conn:close(4002, "enough")
    print(conn:receive_message() == nil and "closed" or "a message after the end")
end)
coromega:run()
