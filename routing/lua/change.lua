-- One change of one agent's state, with what it does to the caller's place, and its events: all of it or nothing.
-- KEYS: 1 the agent, 2 the line, 3 the places taken, 4 the event stream, 5 the newest term of the leader whose step it is
-- ARGV: 1 state expected, 2 token expected ("" any), 3 what happens to the place: keep, take, restore, drop;
--         ask: nothing, but the agent needs a phone; bring: as ask, and place 5, which was in no line, is taken
--         instead of the one that the agent has in a wrap-up
--       4 interaction, 5 the place to restore, or to keep ("" as it was taken), 6 events kept, 7 the leader's term ("" any),
--       8 number of events, then the events, then field, value, ...
-- Returns {1, position of the last event} or {0, what stood in the way, state, token}.
local state = redis.call('HGET', KEYS[1], 'state') or 'OFFLINE'
local token = redis.call('HGET', KEYS[1], 'token') or '0'
if ARGV[7] ~= '' and ARGV[7] ~= redis.call('GET', KEYS[5]) then return {0, 'leader', state, token} end
if state ~= ARGV[1] then return {0, 'state', state, token} end
if ARGV[2] ~= '' and ARGV[2] ~= token then return {0, 'token', state, token} end

local operation, interaction = ARGV[3], ARGV[4]
if operation == 'take' then
  local place = redis.call('HGET', KEYS[2], interaction)
  if not place then return {0, 'place', state, token} end
  if redis.call('HGET', KEYS[1], 'phone') ~= 'up' then return {0, 'phone', state, token} end
  redis.call('HDEL', KEYS[2], interaction)
  redis.call('HSET', KEYS[3], interaction, place)
elseif operation == 'ask' or operation == 'bring' then
  if redis.call('HGET', KEYS[1], 'phone') ~= 'up' then return {0, 'phone', state, token} end
  if operation == 'bring' then
    local before = redis.call('HGET', KEYS[1], 'interaction') or ''
    if before ~= '' and (redis.call('HGET', KEYS[1], 'handed_over') or '') == '' then redis.call('HDEL', KEYS[3], before) end
    redis.call('HSET', KEYS[3], interaction, ARGV[5])
  end
elseif operation == 'restore' then
  local place = redis.call('HGET', KEYS[3], interaction)
  if place then
    if ARGV[5] ~= '' then place = ARGV[5] end
    redis.call('HSET', KEYS[2], interaction, place)
  end
  redis.call('HDEL', KEYS[3], interaction)
elseif operation == 'keep' and ARGV[5] ~= '' then
  redis.call('HSET', KEYS[3], interaction, ARGV[5])
elseif operation == 'drop' then
  redis.call('HDEL', KEYS[3], interaction)
end

local last = 8 + tonumber(ARGV[8])
local position = ''
for index = 9, last do
  position = redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[6], '*', 'e', ARGV[index])
end
for index = last + 1, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1])
end
return {1, position}
