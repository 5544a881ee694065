-- A scanner that goes through a text byte by byte and makes tokens.
local byte, sub = string.byte, string.sub
local function isalpha(c) return c and (c >= 97 and c <= 122 or c >= 65 and c <= 90 or c == 95) end
local function isdigit(c) return c and c >= 48 and c <= 57 end
local function scan(s)
  local toks, n, i, len = {}, 0, 1, #s
  while i <= len do
    local c = byte(s, i)
    if c == 32 or c == 10 then i = i + 1
    elseif isalpha(c) then
      local j = i
      while isalpha(byte(s, j + 1)) or isdigit(byte(s, j + 1)) do j = j + 1 end
      n = n + 1
      toks[n] = {kind = "name", text = sub(s, i, j)}
      i = j + 1
    elseif isdigit(c) then
      local v = 0
      while isdigit(byte(s, i)) do v = v * 10 + byte(s, i) - 48; i = i + 1 end
      n = n + 1
      toks[n] = {kind = "number", value = v}
    else
      n = n + 1
      toks[n] = {kind = "op", text = sub(s, i, i)}
      i = i + 1
    end
  end
  return toks
end
local src = {}
for i = 1, 3000 do src[i] = ("local var_%d = (alpha + %d) * beta_%d - gamma"):format(i, i * 3, i % 10) end
local text = table.concat(src, "\n")
local names, sum = 0, 0
for _ = 1, 30 do
  for _, t in ipairs(scan(text)) do if t.kind == "name" then names = names + #t.text elseif t.kind == "number" then sum = sum + t.value end end
end
print(names, sum)
