-- Eight queens and more: recursion over arrays of booleans.
local function solve(n)
  local cols, d1, d2, count = {}, {}, {}, 0
  local function place(r)
    if r > n then count = count + 1 return end
    for c = 1, n do
      local a, b = r + c, r - c + n
      if not (cols[c] or d1[a] or d2[b]) then
        cols[c], d1[a], d2[b] = true, true, true
        place(r + 1)
        cols[c], d1[a], d2[b] = false, false, false
      end
    end
  end
  place(1)
  return count
end
print(solve(9), solve(10), solve(12))
