-- string.format with numbers and strings, tostring and tonumber.
local format, sum = string.format, 0
for i = 1, 200000 do
  local s = format("%d %5.2f %s %x", i, i / 3, "name", i)
  sum = sum + #s
  s = format("%-8s|%03d", i, i % 1000)
  sum = sum + #s
  sum = sum + tonumber(tostring(i * 0.5)) % 7
end
print(sum)
