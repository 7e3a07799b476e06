-- Reads the position of a partition and some of its subjects, as of one instant.
-- KEYS[2..]  subject hashes
-- Returns    epoch, offset, clock, now, then per subject its announced form without the id; false when there is none, '' when what is there
--            cannot be read

local result = { epoch, offset, clock, now }
for i = 2, #KEYS do
  local held = read_entry(KEYS[i])
  if held then
    if tonumber(held[5]) > now then
      -- Timed by a clock that stepped back since, it would seem fresh for as long as the step was. It is as fresh as it can be.
      held[5] = text(now)
      redis.call('HSET', KEYS[i], 'o', held[5])
    end
    result[i + 3] = held[1] .. '\t' .. held[2] .. '\t' .. held[4] .. '\t' .. held[5] .. '\t' .. held[6]
  elseif held == false then
    result[i + 3] = ''
  else
    result[i + 3] = false
  end
end

-- The clock is kept even when nothing else changed: a cursor made of it must stay behind every later revision.
save_meta(false)
return result
