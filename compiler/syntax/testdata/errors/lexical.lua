-- Characters that are no tokens, and numerals that are none. Errors inside
-- strings are in TestScanErrors: a comment cannot follow them.
x = 3..2 --[[ERROR "malformed number '3..2'"]]
x = 0x --[[ERROR "malformed number '0x'"]] .. 1
x = @ --[[ERROR "unexpected character '@'"]]
x = a ! --[[ERROR "unexpected '!'"]] b
if a != --[[ERROR "unexpected '!='"]] b && c then y = 1 end
x = a & --[[ERROR "unexpected '&'"]] b
print（ --[[ERROR "unexpected character '（'"]] "x"）
local 变 --[[ERROR "unexpected character '变'"]]  = 1
x = “ --[[ERROR "unexpected '“'"]] hi”
x = $ --[[ERROR "unexpected character '$'"]] y
--------
x = [= --[[ERROR "expected '[' after '[='"]] abc]=]
y = = --[[ERROR "expected expression, found '='"]]
