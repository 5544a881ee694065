-- Protected calls, most of which succeed, and errors that are thrown and caught.
local function ok(a, b) return a + b end
local function bad(x) error({code = x}) end
local s, caught = 0, 0
for i = 1, 5000000 do
  local good, v = pcall(ok, i, 1)
  if good then s = s + v end
end
for i = 1, 800000 do
  local good, e = pcall(bad, i)
  if not good then caught = caught + e.code % 2 end
end
print(s, caught)
