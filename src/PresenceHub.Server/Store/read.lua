-- Reads the position of a partition and some of its subjects, as of one instant.
-- KEYS[2..]  subject hashes
-- Returns    epoch, offset, clock, then per subject its announced form without the id, or false when there is none

local result = { epoch, offset, clock }
for i = 2, #KEYS do
  local held = redis.call('HMGET', KEYS[i], 'a', 'c', 's', 'o', 'r')
  if held[1] then
    result[i + 2] = table.concat(held, '\t')
  else
    result[i + 2] = false
  end
end

-- The clock is kept even when nothing else changed: a cursor made of it must stay behind every later revision.
save_meta(false)
return result
