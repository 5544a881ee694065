-- Building strings piece by piece, by a table and by an operator.
local n, total = 400000, 0
local t = {}
for i = 1, n do t[#t + 1] = "item " .. i .. ";" end
local s = table.concat(t)
total = total + #s
local acc = ""
for i = 1, 10000 do acc = acc .. (i % 10) .. "," end
total = total + #acc
for i = 1, n do local k = "key" .. i % 100 .. ":" .. i % 7; total = total + #k end
print(total)
