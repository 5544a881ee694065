// Package surface reads the declarations of what the host offers to scripts:
// the modules that require can give, the classes of host objects, their
// methods, and the Go functions behind them.
//
// Input: surface files, one beside each Go package that implements a module
// (wsrt/surface.lua, rt/lib/json/surface.lua, ...), in the notation of the
// Lua language server, so that editors read the same files. Output: a
// Surface. The package must not know how calls are emitted or what a script
// does; it does not look at the Go packages either (compiler/bind does).
//
// A surface file is Lua that parses but never runs. Lines starting with
// three hyphens directly above a statement document it:
//
//	---@meta coromega                      what require("coromega") gives
//
//	--- One connection, client or server side.
//	---@class WebSocketConn
//	---@go wsrt.Conn                       host objects of this class hold a *wsrt.Conn
//	local WebSocketConn = {}
//
//	--- Sends a text message.
//	---@async                              it may suspend
//	---@param message string
//	---@return string? err                 nil, or why it was not sent
//	---@go SendMessage coroutine           the Go method; an error outside a coroutine
//	function WebSocketConn:send_message(message) end
//
//	---@class CoromegaModule               a plain table: no ---@go
//	local module = {}
//
//	---@param omega any
//	---@return Coromega
//	---@go From                            declared with a dot: a function of the Go package
//	function module.from(omega) end
//
//	return module
//
// The tag ---@go is ours. After the Go name may stand the attribute
// "coroutine": the call is an error outside a coroutine (the API page's scope
// 协程内), at compile time where that can be proved. It says something else
// than ---@async, the language server's own tag for a call that may suspend:
// sleep suspends, but the main chunk may call it, and when_new_msg never
// suspends, but only a coroutine may call it. A function without ---@go is
// reached through its table like any Lua function; the declaration then only
// tells the compiler that the name exists.
//
// How declared types become Go types is in Type.GoParam and Type.GoResult.
package surface
