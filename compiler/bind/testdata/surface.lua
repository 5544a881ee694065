---@meta coromega

---@class WebSocketConn
---@go wsrt.Conn
local WebSocketConn = {}

---@async
---@param message string
---@return string? err
---@go SendMessage coroutine
function WebSocketConn:send_message(message) end

---@param code? integer
---@param reason? string
---@go Close
function WebSocketConn:close(code, reason) end

---@return integer
---@go Size
function WebSocketConn:size() end

---@param other WebSocketConn
---@param binary boolean
---@return number
---@go Pipe
function WebSocketConn:pipe(other, binary) end

--- Reached through the table only.
function WebSocketConn:plain() end

---@class Listener
---@go wsrt.Listener
local Listener = {}

---@param f fun(conn: WebSocketConn)
---@return Listener
---@go WhenNewConn
function Listener:when_new_conn(f) end

---@class Coromega
---@go wsrt.Coromega
local Coromega = {}

---@param host string
---@param port integer
---@return Listener
---@go CreateWebsocketServer
function Coromega:create_websocket_server(host, port) end

---@async
---@param addr string
---@param headers? table
---@return WebSocketConn? conn
---@return string? message
---@go Connect coroutine
function Coromega:connect(addr, headers) end

---@async
---@return any ...
---@go Pause coroutine
function Coromega:pause() end

---@param f fun(...: any)
---@param ... any
---@go StartNew
function Coromega:start_new(f, ...) end

---@param ... string
---@return string
---@go Join
function Coromega:join(...) end

---@param a number
---@param b table
---@param c string|number
---@param d any
---@return string
---@return boolean
---@return table
---@go Many
function Coromega:many(a, b, c, d) end

---@class CoromegaModule
local M = {}

---@param omega any
---@return Coromega
---@go From
function M.from(omega) end

return M
