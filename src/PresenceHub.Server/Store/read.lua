-- Reads the position of a partition and some of its subjects, as of one instant.
-- KEYS[2..]  subject hashes
-- Returns    epoch, offset, clock, now, then per subject its announced form without the id, or false when there is none

local result = { epoch, offset, clock, now }
for i = 2, #KEYS do
  local held = redis.call('HMGET', KEYS[i], 'a', 'c', 's', 'o', 'r')
  if held[1] then
    if (tonumber(held[4] or '') or 0) > now then
      -- Timed by a clock that stepped back since, it would seem fresh for as long as the step was. It is as fresh as it can be.
      held[4] = text(now)
      redis.call('HSET', KEYS[i], 'o', held[4])
    end
    result[i + 3] = table.concat(held, '\t')
  else
    result[i + 3] = false
  end
end

-- The clock is kept even when nothing else changed: a cursor made of it must stay behind every later revision.
save_meta(false)
return result
