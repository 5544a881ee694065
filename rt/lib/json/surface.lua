---@meta json

--- JSON text to and from Lua values.
---@class json
---@field null userdata JSON's null where nil cannot stand for it: {1, json.null, 3}
local json = {}

--- Returns the JSON text of a value: a table whose keys are 1..n becomes an
--- array (the empty table too), one with string keys only an object with
--- sorted keys. What decode has returned becomes what it was read from: an empty
--- object is {} again, and what was null is null, as long as it is nil.
--- ```lua
--- print(json.encode({name = "x", list = {1, json.null, 3}})) -- {"list":[1,null,3],"name":"x"}
--- local text, why = json.encode({print})
--- print(text, why) -- nil, and that a function cannot be JSON
--- ```
---@param value any
---@return string? text nil if JSON cannot hold the value
---@return string? message why it cannot
---@error without an argument
function json.encode(value) end

--- Returns the value of a JSON text. null becomes nil; encode remembers it. With
--- json.null as second argument it becomes that, so that a script can see it.
--- ```lua
--- local t = json.decode('{"a":null,"b":[1,2]}')
--- print(t.a, t.b[2], json.encode(t)) -- nil 2 {"a":null,"b":[1,2]}
--- local u = json.decode('{"a":null}', json.null)
--- print(u.a == json.null) -- true
--- ```
---@param text string
---@param null? userdata json.null; anything else means nothing
---@return any value nil if the text is not JSON
---@return string? message what is wrong with it, and where
function json.decode(text, null) end

--- As encode, but it never fails: what JSON cannot hold becomes a readable
--- string.
--- ```lua
--- print(json.loose_encode({1, print})) -- [1,"function: 0x..."]
--- ```
---@param value any
---@return string text
function json.loose_encode(value) end

--- Marks a table as an array, and returns it: encode writes null for elements
--- that are missing, up to 1,000 of them.
--- ```lua
--- print(json.encode(json.array({1, nil, 3}))) -- [1,null,3]
--- ```
---@param t? table by default a new one
---@return table t
function json.array(t) end

--- Marks a table as an object, and returns it: the empty table becomes {}, and
--- keys that are numbers become strings.
--- ```lua
--- print(json.encode({empty = json.object()})) -- {"empty":{}}
--- ```
---@param t? table by default a new one
---@return table t
---@error t is a host object
function json.object(t) end

return json
