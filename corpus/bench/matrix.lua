-- Multiplication of matrices as tables of tables.
local n = 130
local function make(n, f) local m = {} for i = 1, n do local r = {} for j = 1, n do r[j] = f(i, j) end m[i] = r end return m end
local function mul(a, b, n)
  local bt = make(n, function(i, j) return b[j][i] end)
  local c = {}
  for i = 1, n do
    local ai, ci = a[i], {}
    for j = 1, n do
      local bj, s = bt[j], 0
      for k = 1, n do s = s + ai[k] * bj[k] end
      ci[j] = s
    end
    c[i] = ci
  end
  return c
end
local a = make(n, function(i, j) return (i - j) / n end)
local b = make(n, function(i, j) return (i + j) / n end)
for _ = 1, 10 do a = mul(a, b, n); for i = 1, n do for j = 1, n do a[i][j] = a[i][j] / n end end end
print(("%.6e %.6e"):format(a[1][1], a[n][n]))
