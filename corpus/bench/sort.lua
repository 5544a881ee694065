-- table.sort: numbers, strings, and records with a comparator.
local seed = 1
local function rnd() seed = (seed * 16807) % 2147483647; return seed end
local nums, strs, recs = {}, {}, {}
for i = 1, 160000 do nums[i] = rnd() end
for i = 1, 60000 do strs[i] = "s" .. rnd() end
for i = 1, 100000 do recs[i] = {id = i, key = rnd() % 1000} end
table.sort(nums)
table.sort(strs)
table.sort(recs, function(a, b) if a.key ~= b.key then return a.key < b.key end return a.id < b.id end)
table.sort(nums, function(a, b) return a > b end)
print(nums[1], strs[1], recs[1].id, recs[#recs].id)
