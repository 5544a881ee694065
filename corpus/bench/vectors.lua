-- A value class with operators: metamethods and short-lived objects.
local V = {}
V.__index = V
local function vec(x, y, z) return setmetatable({x = x, y = y, z = z}, V) end
V.__add = function(a, b) return vec(a.x + b.x, a.y + b.y, a.z + b.z) end
V.__sub = function(a, b) return vec(a.x - b.x, a.y - b.y, a.z - b.z) end
V.__mul = function(a, k) return vec(a.x * k, a.y * k, a.z * k) end
V.__eq = function(a, b) return a.x == b.x and a.y == b.y and a.z == b.z end
function V:dot(b) return self.x * b.x + self.y * b.y + self.z * b.z end
local p, v, g = vec(0, 0, 0), vec(1, 2, 3), vec(0, 0, -0.5)
local bounces = 0
for i = 1, 300000 do
  v = v + g * 0.01
  p = p + v * 0.01
  if p.z < 0 then p = p - vec(0, 0, p.z); v = vec(v.x, v.y, -v.z * 0.9); bounces = bounces + 1 end
  if p:dot(p) > 1e6 or p == g then p = vec(0, 0, 1) end
end
print(bounces, ("%.6f %.6f %.6f"):format(p.x, p.y, p.z))
