-- Words counted in a table with string keys, then sorted.
local seed, text = 7, {}
for i = 1, 60000 do seed = (seed * 16807) % 2147483647; text[i] = "w" .. (seed % 3000) end
local s = table.concat(text, " ")
local best
for _ = 1, 30 do
  local counts = {}
  for w in s:gmatch("%w+") do counts[w] = (counts[w] or 0) + 1 end
  local list = {}
  for w, c in pairs(counts) do list[#list + 1] = {w, c} end
  table.sort(list, function(a, b) if a[2] ~= b[2] then return a[2] > b[2] end return a[1] < b[1] end)
  best = list
end
print(#best, best[1][1], best[1][2], best[#best][2])
