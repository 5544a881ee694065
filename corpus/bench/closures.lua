-- Closures made and called: counters, composition, folds over lists of functions.
local function counter(step) local n = 0; return function(k) n = n + step * (k or 1); return n end end
local function compose(f, g) return function(x) return f(g(x)) end end
local total = 0
for i = 1, 900000 do
  local c = counter(i % 7)
  c() c(2)
  total = total + c(3)
end
print(total)
local fs = {}
for i = 1, 20 do fs[i] = function(x) return x + i end end
local f = fs[1]
for i = 2, #fs do f = compose(fs[i], f) end
local s = 0
for i = 1, 500000 do s = s + f(i) end
print(s)
