-- What can go wrong in expressions. After each error the next line is read as
-- if nothing had happened.
x = = -- ERROR "expected expression, found '='"
x = ) -- ERROR "expected expression, found ')'"
x = } -- ERROR "expected expression, found '}'"
x = f(a, ) -- ERROR "expected expression, found ')'"
x = f(a b --[[ERROR "expected ',' or ')', found name 'b'"]] , function() return end)
x = f(1 2 --[[ERROR "expected ',' or ')', found number"]] )
x = f(a {} ) -- a call
--------
x = a[1 2 --[[ERROR "expected ']', found number"]] ]
x = (1 2 --[[ERROR "expected ')', found number"]] )
x = {1 2 --[[ERROR "expected ',' or '}', found number"]] }
x = {1,, --[[ERROR "expected expression, found ','"]] 2}
x = {a =} -- ERROR "expected expression, found '}'"
x = {[1]} -- ERROR "expected '=', found '}'"
x = {[1 = --[[ERROR "expected ']', found '='"]] 2}
x = a. 1 -- ERROR "expected name, found number"
x = a:b = -- ERROR "expected arguments, found '='"
--------
x = function a --[[ERROR "expected '(', found name 'a'"]] () end
x = function(a, 1 --[[ERROR "expected parameter name, found number"]] ) end
x = function(a b --[[ERROR "expected ')', found name 'b'"]] ) end
x = function(..., --[[ERROR "expected ')', found ','"]] a) end
x = 5 // --[[ERROR "expected expression, found '/'"]] 3
x = 5 < < --[[ERROR "expected expression, found '<'"]] 3
x = a.end -- ERROR "expected name, found 'end'"
--------
x = not
local --[[ERROR "expected expression, found 'local'"]] y = z
y = -
-- the error is at the token that stands in the place of an expression
return --[[ERROR "expected expression, found 'return'"]] 1
--------
x = -- ERROR "expected expression, found end of file"
--------
x = f(function()
  y = = -- ERROR "expected expression, found '='"
  z = 1
end, function()
  y = ) -- ERROR "expected expression, found ')'"
end) g(1)
h(function() x = } --[[ERROR "expected expression, found '}'"]] end, 1, {
  a = function() return } --[[ERROR "expected expression, found '}'"]] end,
  b = 2 3 --[[ERROR "expected ',' or '}', found number"]] ,
})
