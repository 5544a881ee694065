-- A queue by moving indices, a stack by insert and remove, removal from the front.
local head, tail, q = 1, 0, {}
local sum = 0
for i = 1, 2000000 do
  tail = tail + 1
  q[tail] = i
  if i % 3 ~= 0 then sum = sum + q[head]; q[head] = nil; head = head + 1 end
end
print(sum, tail - head)
local stack, s2 = {}, 0
for i = 1, 1000000 do
  table.insert(stack, i)
  if i % 2 == 0 then s2 = s2 + table.remove(stack) end
end
print(s2, #stack)
local small, s3 = {}, 0
for i = 1, 200000 do
  table.insert(small, 1, i)
  if #small > 20 then s3 = s3 + table.remove(small) end
end
print(s3)
