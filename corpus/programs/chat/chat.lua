-- chat.lua: a chat server with rooms, tokens, presence and a page of its own.
-- docs/guide-websocket.md explains it, part by part.
--
--     CHAT_TOKENS=t1=alice,t2=bob ./chat 127.0.0.1 8080
--
-- then http://127.0.0.1:8080/?token=t1 in a browser.
local omega = require("omega")
local coromega = require("coromega").from(omega)
local json = require("json")
local page = require("page")

local HISTORY = 20 -- messages that a newcomer sees

-- Who may come: a name for each token.
local names = {}
for token, name in (os.getenv("CHAT_TOKENS") or ""):gmatch("([^=,]+)=([^=,]+)") do
    names[token] = name
end

-- A room is its members by connection, and its last messages. There is one as
-- long as somebody is in it.
local rooms = {}

local function room_of(path)
    return path:match("^/room/([%w_-]+)$")
end

local function present(room)
    local seen, list = {}, {}
    for _, name in pairs(room.members) do
        if not seen[name] then
            seen[name] = true
            list[#list + 1] = name
        end
    end
    table.sort(list)
    return json.array(list)
end

-- Tells everybody in a room. Who does not read loses messages; the others do not
-- wait for them.
local function tell(room, message)
    coromega:publish(room.topic, json.encode(message))
end

local function join(conn, name, room_name)
    local room = rooms[room_name]
    if not room then
        room = { name = room_name, topic = "room/" .. room_name, members = {}, history = {} }
        rooms[room_name] = room
    end
    for _, message in ipairs(room.history) do conn:send(message) end
    room.members[conn] = name
    conn:subscribe(room.topic)
    tell(room, { type = "presence", users = present(room), joined = name })
    return room
end

local function leave(conn, room, name)
    room.members[conn] = nil
    if next(room.members) == nil then
        rooms[room.name] = nil
    else
        tell(room, { type = "presence", users = present(room), left = name })
    end
end

local function say(room, name, text)
    local message = { type = "message", from = name, text = text, at = math.floor(coromega:now()) }
    table.insert(room.history, message)
    if #room.history > HISTORY then table.remove(room.history, 1) end
    tell(room, message)
end

local server = coromega:create_websocket_server(arg[1] or "127.0.0.1", tonumber(arg[2] or 8080), {
    protocols = { "chat" },
    max_message = 4096,
    messages_per_second = 10,
    burst = 20,
    max_conns_per_address = tonumber(os.getenv("CHAT_PER_ADDRESS") or 50),
})

-- Before the handshake: no token, no connection.
server:when_handshake(function(req)
    if not room_of(req.path) then return false, 404, "no such room" end
    if not names[req.query.token or ""] then return false, 401, "who are you?" end
    return true
end)

server:when_new_conn(function(conn, req)
    local name = names[req.query.token]
    local room = join(conn, name, room_of(req.path))
    conn:when_new_msg(function(text)
        if text == nil then return leave(conn, room, name) end
        local message = json.decode(text)
        if type(message) ~= "table" or type(message.text) ~= "string" or message.text == "" then
            conn:send { type = "error", text = "a message is an object with a text" }
            return
        end
        say(room, name, message.text)
    end)
end)

-- The same port answers what is no WebSocket: a health check, and the page.
local started = coromega:now()
server:when_request(function(req)
    if req.path == "/healthz" then
        local members, count = 0, 0
        for _, room in pairs(rooms) do
            count = count + 1
            for _ in pairs(room.members) do members = members + 1 end
        end
        return 200, { rooms = count, members = members, up = math.floor(coromega:now() - started) }
    elseif req.path == "/" then
        return 200, page, { ["Content-Type"] = "text/html; charset=utf-8", ["Content-Security-Policy"] = "default-src 'self' 'unsafe-inline'" }
    end
end)

-- Proxies close what is silent for long; members see that the server is there.
coromega:every(25, function()
    for _, room in pairs(rooms) do tell(room, { type = "alive" }) end
end)

server:when_dead(function(reason) coromega:print("the server has ended:", reason) end)
coromega:print("listening on port", server:port())
coromega:run()
