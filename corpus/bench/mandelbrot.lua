-- The Mandelbrot set, counted: number arithmetic in three nested loops.
local N, iter = 600, 50
local inside, sum = 0, 0
for py = 0, N - 1 do
  local ci = 2 * py / N - 1
  for px = 0, N - 1 do
    local cr = 2 * px / N - 1.5
    local zr, zi, tr, ti = 0, 0, 0, 0
    local n = 0
    while n < iter and tr + ti <= 4 do
      zi = 2 * zr * zi + ci
      zr = tr - ti + cr
      tr, ti = zr * zr, zi * zi
      n = n + 1
    end
    if n == iter then inside = inside + 1 end
    sum = sum + n
  end
end
print(inside, sum)
