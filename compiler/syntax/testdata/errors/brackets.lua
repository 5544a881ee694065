-- Brackets that are not closed, or not where they should be.
x = foo(a, b
y --[[ERROR "expected ',' or ')', found name 'y'"]] = 2
z = = -- ERROR "expected expression, found '='"
foo(a,
    b c --[[ERROR "expected ',' or ')', found name 'c'"]] ,
    d)
if x then
  foo(a,
    b
  bar --[[ERROR "expected ',' or ')', found name 'bar'"]] ()
end
x = a[1
y --[[ERROR "expected ']', found name 'y'"]] = = 3 -- one error a line
x = (1 + 2
if --[[ERROR "expected ')', found 'if'"]] y then end
while (x < 1 do --[[ERROR "expected ')', found 'do'"]]
  y = = --[[ERROR "expected expression, found '='"]] 1
end
x = (1 + 2] --[[ERROR "expected ')', found ']'"]]
y = = -- ERROR "expected expression, found '='"
--------
f(g(h(1, 2)
-- the end
local --[[ERROR "expected ',' or ')', found 'local'"]] x = {
  f = function()
    return (1
  end --[[ERROR "expected ')', found 'end'"]] ,
  g = = --[[ERROR "expected expression, found '='"]] 1,
}
f(function(
  a --[[ERROR "expected ')', found end of file"]]
