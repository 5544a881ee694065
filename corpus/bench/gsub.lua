-- Patterns: gsub with strings, functions and tables, find and match.
local lines = {}
for i = 1, 2000 do lines[i] = ("user%d@example%d.com, tel. +49 %d, \"quoted %d\" <b>bold</b>"):format(i, i % 10, i * 7919, i) end
local text = table.concat(lines, "\n")
local n = 0
for _ = 1, 40 do
  local escaped, c1 = text:gsub("[<>&\"]", {["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;", ['"'] = "&quot;"})
  local upper, c2 = text:gsub("(%a)(%w*)", function(a, b) return a:upper() .. b end)
  local swapped, c3 = text:gsub("(%w+)@(%w+)", "%2 at %1")
  n = n + c1 + c2 + c3 + #escaped + #upper + #swapped
  for l in text:gmatch("[^\n]+") do
    local user, host = l:match("^(%w+)@([%w.]+)")
    local tel = l:match("%+(%d+ %d+)")
    n = n + #user + #host + #tel + l:find("<b>", 1, true)
  end
end
print(n)
