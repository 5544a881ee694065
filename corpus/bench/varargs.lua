-- Functions of any number of arguments: select, tables of them, passing on.
local unpack = table.unpack or unpack
local function sum(...) local s = 0 for i = 1, select("#", ...) do s = s + (select(i, ...)) end return s end
local function pass(...) return ... end
local function pack(...) local t = {...}; return #t, t[1] end
local total = 0
for i = 1, 800000 do
  total = total + sum(i, 2, 3, 4)
  total = total + sum(pass(i, i + 1))
  local n, first = pack(i, i, i, i, i)
  total = total + n + first
  total = total + select("#", unpack({i, i, i}))
end
print(total)
