#!/usr/bin/env lua
-- Every construct of the grammar once, in unusual spacing: seed of the fuzz
-- tests and input of the printer's.
local a, b = 1, "x\065\x41\z
   y\n\0001\"\\" -- a comment
local c;;
--[==[ a long
]] comment ]==]
function t.a.b:m(x, ...) return x..'a'.."b", - x^2, - -x, not not x, # x; end
function t.f(...) local n = select('#', ...) return ... end
function g() end
local function h(a) return h(a) end
for i=1,10,2 do print(i) break end
for i = 10, 1 do end
for k, v in pairs{1,2;a=3,["end"]=4,["a b"]=5,[5]=6,{7},f = function() end,} do
  if k then goto continue end
  ::continue::
end
repeat local x = f() until x == nil or x ~= false and x <= 1 and x >= 2 and x < 3 and x > 4
f() ; (g)()
;({}).x = 1
while true do if a then b() elseif c then d() elseif e then else f() end end
x, y.z, w[1], (u)[2], v().w = function() end, [==[
abc]]]==], 0x.8p1 + 0xA + 1e999 + 3. + .5 + 1e-320 + 123456789012345678 - 0 / 1 * 2 % 3
a.b"x"{}:m"s":n[[t]]:o{1}[1].p = nil
_ENV.x, _ENV = true, false
::l1:: ::l2:: goto l1
do return (f()), ((g())), ("x"):rep(3), (...), {...}, {(...)}, {f()} end
do return function(...) return ... end end
return
