-- The game of life on a grid of booleans in tables.
local w, h = 80, 60
local g = {}
for y = 1, h do g[y] = {} for x = 1, w do g[y][x] = (x * x * y + x * 7 + y * y * 3) % 11 < 4 and 1 or 0 end end
local function step(g)
  local n = {}
  for y = 1, h do
    local up, row, down, new = g[(y - 2) % h + 1], g[y], g[y % h + 1], {}
    for x = 1, w do
      local l, r = (x - 2) % w + 1, x % w + 1
      local c = up[l] + up[x] + up[r] + row[l] + row[r] + down[l] + down[x] + down[r]
      new[x] = (c == 3 or (c == 2 and row[x] == 1)) and 1 or 0
    end
    n[y] = new
  end
  return n
end
for _ = 1, 800 do g = step(g) end
local alive = 0
for y = 1, h do for x = 1, w do alive = alive + g[y][x] end end
print(alive)
