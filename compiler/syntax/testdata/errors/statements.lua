-- What can go wrong in statements.
x --[[ERROR "expected a call or an assignment, found only an expression"]]
a.b[c] --[[ERROR "found only an expression"]]
x + --[[ERROR "expected '=' or arguments, found '+'"]] 1
x y --[[ERROR "expected '=' or arguments, found name 'y'"]]
--------
"x" --[[ERROR "expected statement, found string"]] :rep(3)
--------
1 --[[ERROR "expected statement, found number"]] = 2
--------
then --[[ERROR "expected statement, found 'then'"]] x = 1
--------
= --[[ERROR "expected statement, found '='"]] 2
--------
{ --[[ERROR "expected statement, found '{'"]] }
--------
f() --[[ERROR "cannot assign to a call"]] = 1
a:b() --[[ERROR "cannot assign to a call"]] = 1
(a) --[[ERROR "cannot assign to an expression in brackets"]] = 1
a, f() --[[ERROR "cannot assign to a call"]] = 1, 2
--------
a, b --[[ERROR "expected '=', found end of file"]]
--------
local 1 --[[ERROR "expected name, found number"]] = 2
local a. --[[ERROR "expected statement, found '.'"]] b = 1
local a, = --[[ERROR "expected name, found '='"]] 1
local function 1 --[[ERROR "expected name, found number"]] () end
local function f. --[[ERROR "expected '(', found '.'"]] g() end
--------
function ( --[[ERROR "expected name, found '('"]] ) end
function f.g:h. --[[ERROR "expected '(', found '.'"]] i() end
function f[ --[[ERROR "expected '(', found '['"]] 1]() end
--------
if x the --[[ERROR "expected 'then', found name 'the'"]]
  y()
elseif = --[[ERROR "expected expression, found '='"]] then
  y()
end
while x --[[the error is at what follows]]
  y --[[ERROR "expected 'do', found name 'y'"]] ()
end
for 1 --[[ERROR "expected name, found number"]] = 2 do end
for i do --[[ERROR "expected '=' or 'in', found 'do'"]] end
for i = 1 do --[[ERROR "expected ',', found 'do'"]] end
for i, j = --[[ERROR "expected 'in', found '='"]] 1, 2 do end
for i = 1, 2, 3, --[[ERROR "expected 'do', found ','"]] 4 do end
for k, in --[[ERROR "expected name, found 'in'"]] x do end
--------
for k, v in do --[[ERROR "expected expression, found 'do'"]]
  print(k)
end
goto 1 --[[ERROR "expected name, found number"]]
goto end --[[ERROR "expected name, found 'end'"]]
--------
::a --[[and not at the end of the line]]
b --[[ERROR "expected '::', found name 'b'"]] ()
::1 --[[ERROR "expected name, found number"]] ::
do return 1 f --[[ERROR "expected end of block after 'return', found name 'f'"]] () end
return
return --[[ERROR "expected expression, found 'return'"]] 2
