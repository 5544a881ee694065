-- "..." belongs to the innermost function.
local a = ...
function f() return ... --[[ERROR "cannot use '...' outside a vararg function"]] end
function g(...) return function() return { ... --[[ERROR "cannot use '...'"]] } end, ... end
