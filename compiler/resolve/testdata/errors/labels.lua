-- Gotos, labels and break.
goto nowhere --[[ERROR "no visible label 'nowhere'"]]
do ::inner:: end
goto inner --[[ERROR "no visible label 'inner'"]]
::outer::
function f()
  goto outer --[[ERROR "no visible label 'outer'"]]
end
::twice:: ::once::
::twice --[[ERROR "label 'twice' is already defined in this block"]] ::
do ::twice:: goto twice end
break --[[ERROR "'break' outside a loop"]]
while x do
  function g() break --[[ERROR "'break' outside a loop"]] end
  break
end
if x then break --[[ERROR "'break' outside a loop"]] end
--------
do
  goto l1 --[[ERROR "goto 'l1' jumps into the scope of local 'a'"]]
  local a
  ::l1:: print(a)
end
do
  goto l2
  local a
  ::l2:: ::l3::; -- at the end of the block: not in the scope
end
do
  goto l4 --[[ERROR "jumps into the scope of local 'b'"]]
  local b, c
  ::l4::
  return
end
repeat
  if x then goto continue --[[ERROR "jumps into the scope of local 'd'"]] end
  local d
  ::continue:: -- the condition sees d
until d
do
  if x then goto l5 --[[ERROR "jumps into the scope of local 'f'"]] end
  local function f() end
  ::l5:: do end
end
do
  local a
  do local b goto l6 end
  ::l6:: print(a)
  local c
  goto l6
end
for i = 1, 2 do
  if i then goto continue end
  local e
  ::continue::
end
goto l7 --[[ERROR "jumps into the scope of local 'z'"]]
do local y end
local z
::l7::
return z
