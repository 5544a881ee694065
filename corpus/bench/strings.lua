-- A string-heavy program: a text is made, split, counted, transformed, joined.
local seed = 42
local function rnd(n) seed = (seed * 16807) % 2147483647; return seed % n + 1 end
local syl = {"ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "zu"}
local words = {}
for i = 1, 40000 do
  local w = {}
  for j = 1, rnd(3) + 1 do w[j] = syl[rnd(#syl)] end
  words[i] = table.concat(w)
end
local text = table.concat(words, " ")
local total = 0
for round = 1, 20 do
  local freq, order = {}, {}
  for w in text:gmatch("%a+") do
    if not freq[w] then freq[w] = 0; order[#order + 1] = w end
    freq[w] = freq[w] + 1
  end
  table.sort(order, function(a, b) if freq[a] ~= freq[b] then return freq[a] > freq[b] end return a < b end)
  local out = {}
  for i = 1, 200 do
    local w = order[i]
    out[i] = ("%-10s|%5d|%s"):format(w:upper(), freq[w], w:reverse():sub(1, 3))
  end
  local joined = table.concat(out, "\n")
  local swapped = joined:gsub("(%u)(%u)", "%2%1"):lower()
  for i = 1, #swapped, 7 do total = (total * 31 + swapped:byte(i)) % 1000003 end
  total = total + #swapped + #order
end
print(#text, total)
