-- Generators by coroutines: a chain of filters and a tree walk.
local wrap, yield = coroutine.wrap, coroutine.yield
local function count(n) return wrap(function() for i = 1, n do yield(i) end end) end
local function filter(g, p) return wrap(function() for v in g do if p(v) then yield(v) end end end) end
local function map(g, f) return wrap(function() for v in g do yield(f(v)) end end) end
local s = 0
for v in map(filter(count(1200000), function(x) return x % 3 ~= 0 end), function(x) return x * 2 end) do s = s + v end
print(s)
local function tree(n) if n == 0 then return nil end return {left = tree(n - 1), value = n, right = tree(n - 1)} end
local function walk(t) if t then walk(t.left); yield(t.value); walk(t.right) end end
local t = tree(16)
local c = 0
for _ = 1, 12 do for v in wrap(function() walk(t) end) do c = c + v end end
print(c)
