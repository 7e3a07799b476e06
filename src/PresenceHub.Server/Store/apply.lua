-- Orders observations of one partition and announces what changed: the linearization point of the store.
-- KEYS[2..]  subject hashes: a availability, c activity (both '' when Graph does not know the person), q sequence number,
--            s since, o observed at, r revision (all µs), w polls in a row that sorted lower
-- ARGV[3]    channel of the partition
-- ARGV[4]    life of an entry after its last observation (ms)
-- ARGV[5]    the same for a subject that Graph does not know (ms)
-- ARGV[6]    a confirmation of an entry not confirmed for this long is announced (µs)
-- ARGV[7]    'PUBLISH', or on a cluster 'SPUBLISH'
-- ARGV[8..]  six per subject: id, availability, activity, sequence number or '', begun at (µs), source ('poll' | 'notification')
-- Returns    epoch, offset, clock, now, then an outcome per subject: 1 applied, 2 unchanged, 3 stale, 4 ambiguous

local APPLIED, UNCHANGED, STALE, AMBIGUOUS = 1, 2, 3, 4

-- Lua compares strings by locale; sequence numbers are ordinal.
local function compare_ordinal(a, b)
  local shorter = math.min(#a, #b)
  for i = 1, shorter do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x - y end
  end
  return #a - #b
end

local function prolong(key, availability)
  redis.call('PEXPIRE', key, availability == '' and ARGV[5] or ARGV[4])
end

local confirm_after = tonumber(ARGV[6])
local now_text = text(now)
local announced = {}

-- Times and revisions are handed on as the texts that they came as.
local function announce(id, availability, activity, since, observed, revision)
  announced[#announced + 1] = id .. '\t' .. availability .. '\t' .. activity .. '\t' .. since .. '\t' .. observed .. '\t' .. revision
end

local function apply(key, id, availability, activity, sequence, begun_text, source)
  local held = read_entry(key)
  if held == false then redis.call('DEL', key) end
  local exists = held and true or false
  held = held or {}
  local same = exists and held[1] == availability and held[2] == activity
  local held_sequence = held[3] or ''
  local begun, observed = tonumber(begun_text), tonumber(held[5] or '') or 0
  local revision, lower = tonumber(held[6] or '') or 0, tonumber(held[7] or '') or 0

  -- A reading begins before it is applied, so neither this one nor the held one is later than now. What is has been timed by a clock that
  -- stepped back since: it is as late as it can be, so that only a reading that begins after this script replaces it without a doubt.
  if begun > now then begun, begun_text = now, now_text end
  if observed > now then
    observed, held[5] = now, now_text
    redis.call('HSET', key, 'o', now_text)
  end

  local accept = not exists
  if exists then
    local order = nil
    if sequence ~= '' and held_sequence ~= '' then order = compare_ordinal(sequence, held_sequence) end

    if order and order < 0 then
      -- Graph may restart its numbers: two polls in a row that began after the last observation are believed.
      if source ~= 'poll' or begun <= observed then return STALE end
      if lower + 1 < 2 then
        redis.call('HSET', key, 'w', lower + 1)
        return STALE
      end
      accept = true
    elseif order and order > 0 then
      accept = true
    elseif same then
      accept = true
    elseif order == nil and source == 'notification' and sequence ~= '' then
      -- The held state came without a number: nothing says which is newer.
      return AMBIGUOUS
    elseif begun < observed then
      return AMBIGUOUS
    else
      accept = true
    end
  end

  if same and source == 'poll' and sequence == '' and held_sequence ~= '' and begun <= observed then
    -- What is held came with a number while the poll was on its way, and perhaps late: the poll repeats it, or is the newer of the two.
    return AMBIGUOUS
  end

  if same then
    local is_fresher, number = false, held_sequence
    -- A notification may be hours old: that it repeats the state confirms nothing about now. Nor does it number what was polled
    -- without a number, since the subject may have left the state and come back; such a poll also clears the number.
    if source == 'poll' then
      is_fresher = begun > observed
      if sequence ~= '' or is_fresher then number = sequence end
    elseif sequence ~= '' and held_sequence ~= '' then
      number = sequence
    end
    if number ~= held_sequence or lower ~= 0 then
      redis.call('HSET', key, 'o', is_fresher and begun_text or held[5] or '0', 'w', 0, 'q', number)
    elseif is_fresher then
      redis.call('HSET', key, 'o', begun_text)
    end
    prolong(key, availability)
    if is_fresher and now - observed > confirm_after then
      announce(id, availability, activity, held[4], begun_text, held[6])
    end
    return UNCHANGED
  end

  clock = later(clock + 1, revision + 1)
  local revision_text = text(clock)
  redis.call('HSET', key, 'a', availability, 'c', activity, 'q', sequence, 's', begun_text, 'o', begun_text, 'r', revision_text, 'w', 0)
  prolong(key, availability)
  announce(id, availability, activity, begun_text, begun_text, revision_text)
  return APPLIED
end

local outcomes = {}
for i = 2, #KEYS do
  local at = 8 + (i - 2) * 6
  outcomes[#outcomes + 1] = apply(KEYS[i], ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5])
end

if #announced > 0 then offset = offset + 1 end
save_meta(#announced > 0)
if #announced > 0 then
  redis.call(ARGV[7], ARGV[3], string.format('1\t%.0f\t%.0f\t%.0f\n', epoch, offset, clock) .. table.concat(announced, '\n'))
end

local result = { epoch, offset, clock, now }
for i = 1, #outcomes do result[i + 4] = outcomes[i] end
return result
