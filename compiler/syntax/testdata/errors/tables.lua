-- Tables are often long: errors in them do not hide one another.
local t = {
  a = 1
  b --[[ERROR "expected ',' or '}', found name 'b'"]] = 2,
  c = f(1, 2 3 --[[ERROR "expected ',' or ')', found number"]] ),
  d = { 1, 2 3 --[[ERROR "expected ',' or '}', found number"]] , 4 },
  f = = --[[ERROR "expected expression, found '='"]] 6,
  g = function() return 1 + end --[[ERROR "expected expression, found 'end'"]] ,
  h = 8,
  [e = --[[ERROR "expected ']', found '='"]] 5,
  i = ), -- swallowed: the parser looks for the ']'
}
local u = = -- ERROR "expected expression, found '='"
--------
local u = {
  {1, 2},
  {3, 4
  { --[[ERROR "expected ',' or '}', found '{'"]] 5, 6},
  {7, 8},
}
--------
t = {
  "a"
  "b" --[[ERROR "expected ',' or '}', found string"]]
  "c" --[[ERROR "expected ',' or '}', found string"]]
}
t = { 1, 2
local --[[ERROR "expected ',' or '}', found 'local'"]] x = 1
x = = -- ERROR "expected expression, found '='"
--------
t = { a = 1,
x = 2
y --[[ERROR "expected ',' or '}', found name 'y'"]] = 3 -- no error for the bracket below
}
x = } -- ERROR "expected expression, found '}'"
