-- A table with sparse numbers and with objects as keys.
local t, n = {}, 900000
for i = 1, n do t[i * 7919 % 1000003 * 1.5] = i end
local s = 0
for i = 1, n do s = s + (t[i * 1.5] or 0) % 10 end
print(s)
local objs, set = {}, {}
for i = 1, 100000 do objs[i] = {}; set[objs[i]] = i end
for r = 1, 20 do for i = 1, #objs do s = s + set[objs[i]] % 3 end end
print(s)
