-- Trees made, walked and dropped: small tables and the collector.
local function bottom(d)
  if d == 0 then return {} end
  d = d - 1
  local l, r = bottom(d), bottom(d)
  return {l, r}
end
local function check(t) if t[1] then return 1 + check(t[1]) + check(t[2]) end return 1 end
local max = 15
print("stretch", check(bottom(max + 1)))
local long = bottom(max)
for d = 4, max, 4 do
  local n = 2 ^ (max - d + 4)
  local c = 0
  for _ = 1, n do c = c + check(bottom(d)) end
  print(n, d, c)
end
print("long", check(long))
