-- A caller leaves the line: the event is told only by the one who really took the place out.
-- KEYS: 1 the line, 2 the event stream   ARGV: 1 interaction, 2 events kept, 3 event
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'e', ARGV[3])
return 1
