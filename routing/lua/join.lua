-- A caller stands in line, with the event: all of it or nothing.
-- KEYS: 1 the line, 2 the places taken, 3 the event stream, 4 the newest leader's term
-- ARGV: 1 interaction, 2 place, 3 events kept, 4 event, 5 the leader's term ("" any)
if ARGV[5] ~= '' and ARGV[5] ~= redis.call('GET', KEYS[4]) then return 0 end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', 'e', ARGV[4])
return 1
