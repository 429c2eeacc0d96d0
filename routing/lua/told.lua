-- A caller was told that they may be recorded, and has objected or not: their place says so, wherever it is, with the event.
-- KEYS: 1 the line, 2 the places taken, 3 the event stream   ARGV: 1 interaction, 2 events kept, 3 event, 4 may record: 1 or 0
for index = 1, 2 do
  local text = redis.call('HGET', KEYS[index], ARGV[1])
  if text then
    local place = cjson.decode(text)
    place['may_record'] = ARGV[4] == '1'
    place['telling_until_s'] = nil
    redis.call('HSET', KEYS[index], ARGV[1], cjson.encode(place))
    redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[2], '*', 'e', ARGV[3])
    return 1
  end
end
return 0
