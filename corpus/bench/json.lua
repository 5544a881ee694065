-- A JSON encoder and decoder in Lua, over a nested document.
local function enc(v, out)
  local t = type(v)
  if t == "table" then
    if #v > 0 then
      out[#out + 1] = "["
      for i = 1, #v do if i > 1 then out[#out + 1] = "," end enc(v[i], out) end
      out[#out + 1] = "]"
    else
      local keys = {}
      for k in pairs(v) do keys[#keys + 1] = k end
      table.sort(keys)
      out[#out + 1] = "{"
      for i, k in ipairs(keys) do if i > 1 then out[#out + 1] = "," end enc(k, out); out[#out + 1] = ":"; enc(v[k], out) end
      out[#out + 1] = "}"
    end
  elseif t == "string" then out[#out + 1] = '"' .. v:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
  else out[#out + 1] = tostring(v) end
  return out
end
local function dec(s)
  local pos = 1
  local function value()
    pos = s:find("%S", pos)
    local c = s:sub(pos, pos)
    if c == "{" then
      local r = {}
      pos = pos + 1
      while s:sub(pos, pos) ~= "}" do
        local k = value()
        pos = s:find(":", pos, true) + 1
        r[k] = value()
        if s:sub(pos, pos) == "," then pos = pos + 1 end
      end
      pos = pos + 1
      return r
    elseif c == "[" then
      local r = {}
      pos = pos + 1
      while s:sub(pos, pos) ~= "]" do
        r[#r + 1] = value()
        if s:sub(pos, pos) == "," then pos = pos + 1 end
      end
      pos = pos + 1
      return r
    elseif c == '"' then
      local e = s:find('"', pos + 1, true)
      local str = s:sub(pos + 1, e - 1)
      pos = e + 1
      return str
    end
    local w = s:match("^[%w.+-]+", pos)
    pos = pos + #w
    if w == "true" then return true elseif w == "false" then return false end
    return tonumber(w)
  end
  return value()
end
local doc = {}
for i = 1, 500 do doc[i] = {id = i, name = "item " .. i, tags = {"a", "b", "c"}, price = i * 1.25, stock = {here = i % 5, there = i % 3 == 0}} end
local n = 0
for _ = 1, 80 do
  local text = table.concat(enc(doc, {}))
  local back = dec(text)
  n = n + #text + #back + back[500].price
end
print(n)
