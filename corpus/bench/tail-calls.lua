-- State machines by tail calls.
local even, odd
function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + n % 7) end
print(even(5000000), odd(5000000))
print(loop(8000000, 0))
