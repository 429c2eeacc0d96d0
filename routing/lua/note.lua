-- The leader notes what has changed, and tells it: all of it or nothing.
-- KEYS: 1 the notes, 2 the event stream, 3 the newest leader's term
-- ARGV: 1 the leader's term, 2 events kept, 3 number of those gone, then they; number of events, then they; then name, note, ...
if ARGV[1] ~= redis.call('GET', KEYS[3]) then return 0 end
local at = 4
local until_gone = at + tonumber(ARGV[3])
while at < until_gone do
  redis.call('HDEL', KEYS[1], ARGV[at])
  at = at + 1
end
local until_told = at + 1 + tonumber(ARGV[at])
at = at + 1
while at < until_told do
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'e', ARGV[at])
  at = at + 1
end
while at < #ARGV do
  redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1])
  at = at + 2
end
return 1
