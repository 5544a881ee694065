---@meta coromega

--- A WebSocket connection, of either side: what when_new_conn hands over and
--- connect_to_websocket returns.
---
--- A script may give it fields of its own (conn.user = "x") and use it as a
--- table key.
---@class WebSocketConn
---@go wsrt.Conn
local WebSocketConn = {}

--- Sends a text message.
---
--- It never raises for a network cause, and keeps the order of calls. While a
--- slow peer leaves no room in the queue, the coroutine is suspended; others
--- go on.
--- ```lua
--- local err = conn:send_message("hello")
--- if err then print("not sent: " .. err) end
--- ```
---@async
---@param message string
---@return string? err nil, or why the message was not sent
---@go SendMessage coroutine
function WebSocketConn:send_message(message) end

--- Sends a text message where send_message would not wait.
--- ```lua
--- local sent, why = conn:try_send("tick")
--- if not sent then print("left out: " .. why) end
--- ```
---@param message string
---@return boolean sent false where too much is queued, and for all that keeps send_message from sending
---@return string? err why it was not sent
---@go TrySend
function WebSocketConn:try_send(message) end

--- Returns how many bytes wait for the peer to read them.
--- ```lua
--- if conn:queued() > 1000000 then conn:close(1013, "too slow") end
--- ```
---@return integer bytes
---@go Queued
function WebSocketConn:queued() end

--- Has the connection get what is published under a topic, until unsubscribe or
--- its end.
--- ```lua
--- conn:subscribe("news")
--- coromega:publish("news", "welcome")
--- ```
---@param topic string
---@go Subscribe
function WebSocketConn:subscribe(topic) end

--- Takes subscribe back.
--- ```lua
--- print(conn:unsubscribe("news"))
--- ```
---@param topic string
---@return boolean was whether it had subscribed
---@go Unsubscribe
function WebSocketConn:unsubscribe(topic) end

--- Sends data: as send_message(json.encode(message)).
--- ```lua
--- conn:send({author = "somebody", age = 18})
--- ```
---@async
---@param message any usually a table
---@return string? err nil, or why the message was not sent, also when JSON cannot hold it
---@go Send coroutine
function WebSocketConn:send(message) end

--- Sets the function that every message which no receive_message takes is
--- given to, each in a new coroutine. When the connection has ended it is
--- called once with nil, after the last message. Set again, it replaces.
--- ```lua
--- conn:when_new_msg(function(msg)
---     if msg == nil then
---         print("the connection has ended")
---     else
---         conn:send_message("echo: " .. msg)
---     end
--- end)
--- ```
---@param f fun(msg: string?)
---@go WhenNewMsg coroutine
function WebSocketConn:when_new_msg(f) end

--- Suspends the coroutine until the next message and returns that; it does
--- not reach the function of when_new_msg. When the connection has ended the
--- result is nil. Of several waiting coroutines the first gets the first
--- message.
--- ```lua
--- local msg = conn:receive_message()
--- while msg do
---     print(msg)
---     msg = conn:receive_message()
--- end
--- ```
---@async
---@return string? msg
---@go ReceiveMessage coroutine
function WebSocketConn:receive_message() end

--- Closes the connection, by default with code 1000. The peer sees the close
--- frame; the end is delivered as nil.
--- ```lua
--- conn:close(1000, "bye")
--- ```
---@param code? integer 1000 to 1014 without 1004 to 1006, or 3000 to 4999
---@param reason? string at most 123 bytes
---@error code is none that may be sent, or reason is longer than 123 bytes
---@go Close
function WebSocketConn:close(code, reason) end

--- Returns the request that the connection began with, nil at the client's
--- side.
--- ```lua
--- local request = conn:request()
--- if request then print(request.path, request.query.room) end
--- ```
---@return Request? request
---@go Request
function WebSocketConn:request() end

--- Returns the subprotocol that has been agreed on, nil if there is none.
--- ```lua
--- print(conn:protocol() or "no subprotocol")
--- ```
---@return string? name
---@go Protocol
function WebSocketConn:protocol() end

--- What is known of an HTTP request: who asks, and for what.
---
--- path is decoded, query too; of a name that is given several times query has
--- the first value, and raw_query has all as they came. headers finds a name
--- in any case (headers["User-Agent"]); what came several times is joined by
--- ", ". remote is the client's address: behind a proxy that
--- LUAGO_WS_TRUSTED_PROXIES names, the one in X-Forwarded-For. body is there for
--- when_request only.
---@class Request
---@field method string
---@field path string
---@field raw_query string
---@field query table
---@field headers table
---@field host string
---@field remote string
---@field remote_port integer?
---@field tls boolean
---@field body string?
local Request = {}

--- A WebSocket server.
---@class Listener
---@go wsrt.Listener
local Listener = {}

--- Sets the function that is run, in a new coroutine, for every client that
--- connects. A client that comes before waits.
--- ```lua
--- listener:when_new_conn(function(conn, request)
---     conn:send_message("hello, " .. request.remote)
--- end)
--- ```
---@param f fun(conn: WebSocketConn, request: Request)
---@return Listener self
---@go WhenNewConn
function Listener:when_new_conn(f) end

--- Sets the function that decides, before the handshake, whether a client may
--- connect. It runs in a new coroutine for each, may suspend, and has ten
--- seconds. It returns true; or true and a table with protocol, one of those
--- that the client has offered, and headers for the answer; or false, and the
--- status (403) and text of the answer.
--- ```lua
--- listener:when_handshake(function(request)
---     if request.query.token == "secret" then return true end
---     return false, 401, "who are you?"
--- end)
--- ```
---@param f fun(request: Request): boolean
---@return Listener self
---@error what the function returns is neither: the client gets status 500
---@go WhenHandshake
function Listener:when_handshake(f) end

--- Sets the function that answers requests that are no WebSocket handshakes:
--- health checks, small pages, webhooks. It runs in a new coroutine for each,
--- may suspend, and has ten seconds. It returns status, body and a table of
--- headers; a table as the body becomes JSON; nothing at all is a 404. Without
--- such a function the answer is 426.
--- ```lua
--- listener:when_request(function(request)
---     if request.path == "/health" then return 200, "ok" end
--- end)
--- ```
---@param f fun(request: Request): integer
---@return Listener self
---@error what the function returns is no answer: the client gets status 500
---@go WhenRequest
function Listener:when_request(f) end

--- Sets the function that is run once, in a new coroutine, when the listener
--- has ended, for whatever cause.
--- ```lua
--- listener:when_dead(function(reason)
---     print("the server has ended: " .. reason)
--- end)
--- ```
---@param f fun(reason: string)
---@return Listener self
---@go WhenDead
function Listener:when_dead(f) end

--- Returns the port that the listener is bound to, 0 if it could not bind.
--- ```lua
--- local any = coromega:create_websocket_server("127.0.0.1", 0)
--- print("ws://127.0.0.1:" .. any:port())
--- ```
---@return integer port
---@go Port
function Listener:port() end

--- A timer of Coromega:after or Coromega:every.
---@class Timer
---@go wsrt.Timer
local Timer = {}

--- Stops the timer.
--- ```lua
--- local reminder = coromega:after(60, function() print("a minute has gone") end)
--- reminder:cancel()
--- ```
---@return boolean stopped whether it would have called its function again
---@go Cancel
function Timer:cancel() end

--- The coroutines and the network of a program.
---@class Coromega
---@go wsrt.Coromega
---@original NeOmega sprint log log_and_print debug_out info_out success_out warning_out error_out input backend_input
---@original NeOmega config_path_of code_path_of data_path_of cache_path_of get_plugin_name make_temp_dir make_dir current_dir os
---@original NeOmega path_join path_list path_abs path_ext path_move path_remove path_exist save_text load_text save_data load_data key_value_db
---@original NeOmega http_request http_get http_post http_put http_delete http_head http_patch
---@original NeOmega config update_config user_info soft_set soft_get shared_map now now_unix now_since_start uuid new_event_source omega
---@original NeOmega when_called_by_terminal_menu publish_info when_new_data_in_subscribed_topic_named when_called_by_api_named call_other_plugin_api call_other_plugin_api_no_result
---@original NeOmega when_called_by_game_menu when_chat_msg when_player_change when_receive_msg_from_command_block_named when_receive_msg_from_sender_named when_receive_packet_of_types
---@original NeOmega send_wo_cmd send_ws_cmd send_player_cmd send_ai_cmd get_player get_player_by_name get_player_by_uuid_string get_all_online_players
---@original NeOmega bot_name bot_uuid_string bot_unique_id bot_runtime_id bot_identity bot_dimension bot_position bot_say current_tick sync_ratio game_rules server_time server_day_time server_day_percent
---@original NeOmega translate lang_format place_block place_command_block place_sign when_progress_increased_by_build request_structure
---@original NeOmega drop_item make_item move_item move_item_to_container rename_item enchant_item use_item use_item_on_block use_item_on_block_with_bot_offset pick_block
---@original NeOmega select_hotbar break_and_pick_block get_inventory_content set_structure_block_data set_container_content write_book place_item_frame_item gen_container
---@original NeOmega send_cqhttp_message send_cqhttp_message_to_default send_cqhttp_message_to_id send_cqhttp_message_to_group send_cqhttp_message_to_guild
---@original NeOmega get_cqhttp_group_members_info get_cqhttp_joined_guilds get_cqhttp_guild_channels get_cqhttp_guild_member when_receive_cqhttp_message when_receive_filtered_cqhttp_message_from_default
local Coromega = {}

--- Runs a function in a new coroutine, at once, until it first suspends or
--- ends; then the caller goes on.
--- ```lua
--- coromega:start_new(function()
---     coromega:sleep(1)
---     print("a second later")
--- end)
--- ```
---@param f fun()
---@needs run
---@go StartNew
function Coromega:start_new(f) end

--- Suspends the coroutine for some seconds. In the main chunk, before run, it
--- blocks the whole program.
--- ```lua
--- coromega:sleep(0.25)
--- ```
---@async
---@param seconds number fractions count; negative or not a number: as 0
---@go Sleep
function Coromega:sleep(seconds) end

--- Returns the time in seconds since 1970 began (UTC), with a fraction.
--- ```lua
--- local start = coromega:now()
--- coromega:sleep(0.1)
--- print(coromega:now() - start)
--- ```
---@return number seconds
---@go Now
function Coromega:now() end

--- Calls a function once, after some seconds, in a new coroutine.
--- ```lua
--- coromega:after(5, function() print("five seconds later") end)
--- ```
---@param seconds number fractions count; negative or not a number: as 0
---@param f fun()
---@return Timer timer
---@needs run
---@go After
function Coromega:after(seconds, f) end

--- Calls a function every so many seconds, each time in a new coroutine. Calls
--- that could not be made in time are left out.
--- ```lua
--- local ticks = 0
--- local clock
--- clock = coromega:every(1, function()
---     ticks = ticks + 1
---     if ticks == 3 then clock:cancel() end
--- end)
--- ```
---@param seconds number more than 0
---@param f fun()
---@return Timer timer
---@error seconds is not more than 0
---@needs run
---@go Every
function Coromega:every(seconds, f) end

--- Suspends the coroutine until the function that get_resume gave it is
--- called, and returns the arguments of that call.
--- ```lua
--- local resume = coromega:get_resume()
--- coromega:after(1, function() resume("data", 42) end)
--- local what, n = coromega:pause()
--- print(what, n)
--- ```
---@async
---@return any ...
---@go Pause coroutine
function Coromega:pause() end

--- Returns a function that resumes the running coroutine, once it is paused,
--- and returns when that suspends again or ends.
--- ```lua
--- local resume = coromega:get_resume()
--- coromega:start_new(function()
---     coromega:sleep(1)
---     resume()
--- end)
--- coromega:pause()
--- ```
---@return function resume
---@error of the function: the coroutine is not paused, or has ended
---@go GetResume coroutine
function Coromega:get_resume() end

--- Prints its arguments, with blanks between them, and a newline: tables as
--- JSON, numbers with a fraction with three decimals.
--- ```lua
--- coromega:print("state", {1, 2}, 0.5, nil) -- state [1,2] 0.500 nil
--- ```
---@param ... any
---@go Print
function Coromega:print(...) end

--- Delivers events until nothing can happen any more; then the program ends.
--- It does not return.
--- ```lua
--- coromega:run()
--- ```
---@error it is called inside a coroutine
---@go Run
function Coromega:run() end

--- Ends the program: closes listeners and connections, and runs nothing any
--- more. It does not return.
--- ```lua
--- coromega:after(3600, function() coromega:halt() end)
--- ```
---@go Halt
function Coromega:halt() end

--- Sends a message to many connections and never waits: those for which more
--- than drop_over bytes (1 MiB) are queued are left out. It is framed once, and
--- compressed once. Options: drop_over, binary.
--- ```lua
--- local sent = coromega:broadcast({conn}, "server restarts", {drop_over = 65536})
--- print(sent)
--- ```
---@param conns table the connections are its keys or its values
---@param message string
---@param options? table
---@return integer sent how many took it
---@error an option is unknown, or conns holds something else than connections
---@go Broadcast
function Coromega:broadcast(conns, message, options) end

--- Sends a message, as broadcast does, to the connections that have subscribed
--- to a topic.
--- ```lua
--- coromega:publish("news", "something has happened")
--- ```
---@param topic string
---@param message string
---@param options? table
---@return integer sent how many took it
---@error an option is unknown
---@go Publish
function Coromega:publish(topic, message, options) end

--- Creates a WebSocket server. It binds at once; a failure is what when_dead
--- hears of, and without when_dead the program ends when it comes to run.
---
--- Options: protocols (subprotocols, the preferred one first), cert and key (PEM
--- files, for wss; SIGHUP has them read again), origins, max_conns,
--- max_conns_per_address, max_message and max_body (bytes), messages_per_second
--- and burst (of a connection; beyond, its socket is not read), ping and
--- pong_timeout (seconds), compression. Each overrides its environment variable.
--- reuse_port lets several processes listen on one port, and the system shares
--- the clients out among them.
--- ```lua
--- coromega:create_websocket_server("127.0.0.1", 8080, {max_conns = 100})
---     :when_new_conn(function(conn)
---         conn:send_message("hello")
---     end)
---     :when_dead(function(reason) print(reason) end)
--- ```
---@param host string 127.0.0.1: this machine only; 0.0.0.0: reachable from others; unix:/run/x.sock: a Unix socket, without a port
---@param port number 0: any free one, see Listener:port
---@param options? table
---@return Listener listener
---@error port is no integer from 0 to 65535, or an option is unknown or of another type
---@needs run
---@go CreateWebsocketServer
function Coromega:create_websocket_server(host, port, options) end

--- Connects to a WebSocket server.
--- ```lua
--- local client, why = coromega:connect_to_websocket("ws://127.0.0.1:8080/path", {Authorization = "Bearer x"})
--- if not client then
---     print("cannot connect: " .. why)
---     return
--- end
--- client:send_message("hello")
--- ```
---@async
---@param addr string ws:// or wss://, with path and query
---@param headers? table the values are strings, numbers, or lists of those
---@param options? table protocols, max_message, ping, pong_timeout, timeout, compression
---@return WebSocketConn? conn nil if it could not connect
---@return string? message why not
---@error a header belongs to the handshake, or is neither a string, a number nor a list of those; an option is unknown
---@go ConnectToWebsocket coroutine
function Coromega:connect_to_websocket(addr, headers, options) end

--- What require("coromega") gives.
---@class CoromegaModule
local coromega = {}

--- Returns the program's scheduler. Every call returns the same object.
--- ```lua
--- local same = require("coromega").from(omega)
--- print(same == coromega) -- true
--- ```
---@param omega any what require("omega") gives
---@return Coromega coromega
---@go From
function coromega.from(omega) end

return coromega
