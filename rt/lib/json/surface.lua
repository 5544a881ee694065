---@meta json

--- JSON text to and from Lua values.
---@class json
local json = {}

--- Returns the JSON text of a value: a table whose keys are 1..n becomes an
--- array (the empty table too), one with string keys only an object with
--- sorted keys.
---@param value any
---@return string? text nil if JSON cannot hold the value
---@return string? message why it cannot
function json.encode(value) end

--- Returns the value of a JSON text. null becomes nil.
---@param text string
---@return any value nil if the text is not JSON
---@return string? message what is wrong with it, and where
function json.decode(text) end

--- As encode, but it never fails: what JSON cannot hold becomes a readable
--- string.
---@param value any
---@return string text
function json.loose_encode(value) end

return json
