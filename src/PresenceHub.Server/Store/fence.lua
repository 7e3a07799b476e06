-- Start of every script of the store; the caller's body follows.
-- KEYS[1]  meta hash of the partition: instance, epoch, offset, clock
-- ARGV[1]  floor: the latest time of this partition that the calling node has seen (µs)
-- ARGV[2]  the latest epoch of this partition that the calling node has seen (µs)
--
-- clock    µs; never goes back and never repeats, whatever the server's own clock does, so that a revision is
--          always later than any cursor handed out before it
-- epoch    µs; changes when the server process or its replication history is another one, or the meta hash is gone or unreadable;
--          also when a node has seen a later one: a server with a slow clock lost it, and that node's clients would wait for ever
-- now      µs; the server's own clock, which may step back: it orders readings and tells their age, and nothing else

local function later(a, b)
  if a > b then return a end
  return b
end

local info = redis.call('INFO', 'server', 'replication')

local function info_value(name)
  local _, at = string.find(info, name, 1, true)
  return at and string.match(info, '^%w+', at + 1) or ''
end

local instance = info_value('run_id:') .. ':' .. info_value('master_replid:')

-- A number as the scripts write it, and nil for anything else. What is 2^52 or more leaves too little to count on.
local function number(digits)
  if not digits or digits == '' or #digits > 16 or string.find(digits, '%D') then return nil end
  local value = tonumber(digits)
  if value < 4503599627370496 then return value end
  return nil
end

-- Reads an entry: nil when there is none, false when what is there cannot be read.
local function read_entry(key)
  local held = redis.pcall('HMGET', key, 'a', 'c', 'q', 's', 'o', 'r', 'w')
  if held.err then return false end
  if not held[1] and not held[2] and not held[6] then return nil end
  if not held[1] or not held[2] or not number(held[4]) or not number(held[5]) or not number(held[6])
    or string.find(held[1], '%c') or string.find(held[2], '%c') then
    return false
  end
  return held
end

local meta = redis.pcall('HMGET', KEYS[1], 'instance', 'epoch', 'offset', 'clock')
if meta.err then
  redis.call('DEL', KEYS[1])
  meta = {}
end
local epoch, offset, held_clock = number(meta[2]), number(meta[3]), number(meta[4])
local is_readable = epoch and offset and held_clock
epoch, offset, held_clock = epoch or 0, offset or 0, held_clock or 0

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local clock = later(now, held_clock + 1)
clock = later(clock, (tonumber(ARGV[1]) or 0) + 1)

local seen_epoch = tonumber(ARGV[2]) or 0
local begins = meta[1] ~= instance or not is_readable or epoch < seen_epoch
if begins then
  epoch = later(clock, later(epoch, seen_epoch) + 1)
  -- Where the server's clock is behind, two beginnings that follow the same floor would give the same epoch, and nodes would take the
  -- data of one for that of the other: up to 65 ms keep them apart.
  if epoch > now then epoch = epoch + now % 65536 end
  clock = epoch
  offset = 0
end

local function text(number)
  return string.format('%.0f', number)
end

-- Numbers are written out by hand here and below, and only where they changed: that is a good part of what a script costs.
local function save_meta(announces)
  if begins then
    redis.call('HSET', KEYS[1], 'instance', instance, 'epoch', text(epoch), 'offset', text(offset), 'clock', text(clock))
  elseif announces then
    redis.call('HSET', KEYS[1], 'offset', text(offset), 'clock', text(clock))
  else
    redis.call('HSET', KEYS[1], 'clock', text(clock))
  end
end
