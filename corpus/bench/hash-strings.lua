-- A table with computed string keys: inserted, looked up, deleted.
local t, hits = {}, 0
for i = 1, 200000 do t["key" .. i] = i end
for i = 1, 400000, 2 do if t["key" .. i] then hits = hits + 1 end end
for i = 1, 200000, 3 do t["key" .. i] = nil end
local sum = 0
for k, v in pairs(t) do sum = sum + v end
print(hits, sum)
