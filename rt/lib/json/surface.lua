---@meta json

--- JSON text to and from Lua values.
---@class json
---@field null userdata JSON's null where nil cannot stand for it: {1, json.null, 3}
local json = {}

--- Returns the JSON text of a value: a table whose keys are 1..n becomes an
--- array (the empty table too), one with string keys only an object with
--- sorted keys. What decode has returned becomes what it was read from: an empty
--- object is {} again, and what was null is null, as long as it is nil.
---@param value any
---@return string? text nil if JSON cannot hold the value
---@return string? message why it cannot
function json.encode(value) end

--- Returns the value of a JSON text. null becomes nil; encode remembers it. With
--- json.null as second argument it becomes that, so that a script can see it.
---@param text string
---@param null? userdata json.null; anything else means nothing
---@return any value nil if the text is not JSON
---@return string? message what is wrong with it, and where
function json.decode(text, null) end

--- As encode, but it never fails: what JSON cannot hold becomes a readable
--- string.
---@param value any
---@return string text
function json.loose_encode(value) end

--- Marks a table as an array, and returns it: encode writes null for elements
--- that are missing, up to 1,000 of them.
---@param t? table by default a new one
---@return table t
function json.array(t) end

--- Marks a table as an object, and returns it: the empty table becomes {}, and
--- keys that are numbers become strings.
---@param t? table by default a new one
---@return table t
function json.object(t) end

return json
