-- Objects with methods, one class inherits from another.
local Toggle = {}
Toggle.__index = Toggle
function Toggle.new(v) return setmetatable({state = v}, Toggle) end
function Toggle:value() return self.state end
function Toggle:activate() self.state = not self.state; return self end
local NthToggle = setmetatable({}, {__index = Toggle})
NthToggle.__index = NthToggle
function NthToggle.new(v, max) local o = Toggle.new(v); o.max = max; o.count = 0; return setmetatable(o, NthToggle) end
function NthToggle:activate()
  self.count = self.count + 1
  if self.count >= self.max then self.state = not self.state; self.count = 0 end
  return self
end
local n = 2000000
local t, on = Toggle.new(true), 0
for _ = 1, n do if t:activate():value() then on = on + 1 end end
print(on)
local m, on2 = NthToggle.new(true, 3), 0
for _ = 1, n do if m:activate():value() then on2 = on2 + 1 end end
print(on2)
