-- Blocks that are not closed, or closed too often.
end --[[ERROR "expected end of file, found 'end'"]]
until --[[ERROR "expected end of file, found 'until'"]] x
else --[[ERROR "expected end of file, found 'else'"]]
x = = --[[ERROR "expected expression, found '='"]]
--------
function f()
  if x then
    y()
end --[[ERROR "expected 'end', found end of file"]]
--------
repeat
  x()
end --[[ERROR "expected 'until', found 'end'"]]
y = = --[[ERROR "expected expression, found '='"]]
--------
repeat x() end --[[ERROR "expected 'until', found 'end'"]] until y
--------
while x do
  repeat
    if y then
  until --[[ERROR "expected 'end', found 'until'"]] z
end
x = = --[[ERROR "expected expression, found '='"]]
--------
if x then
  y()
else
  z()
elseif --[[ERROR "expected 'end', found 'elseif'"]] y then
end
--------
local function f()
  x = = --[[ERROR "expected expression, found '='"]]
  for i = 1, 2 do
    y = = --[[ERROR "expected expression, found '='"]]
  end
  return = --[[ERROR "expected expression, found '='"]]
end
z = = --[[ERROR "expected expression, found '='"]]
--------
for i = 1, 3 do --[[ERROR "expected 'end', found end of file"]]
--------
return function() --[[ERROR "expected 'end', found end of file"]]
--------
--------
-- nothing wrong in the empty chunk above, nor here
