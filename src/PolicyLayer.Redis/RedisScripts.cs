namespace PolicyLayer.Redis;

/// <summary>
/// The two scripts. A counter is a hash from bucket number to what was charged to it; the first key is the clock that the counters of a
/// policy share. Lua counts in doubles: every single value and every sum of live buckets stays below 2^53, so that they are exact, and
/// nothing else is ever added up in Lua.
/// </summary>
internal static class RedisScripts
{
    /// <summary>
    /// For each counter: the amount, the maximum, a time's bucket (times multiplier, by divisor) and for how many buckets a charge counts.
    /// Answers 1 and the time charged at; or 0, the wait, and what each counter holds. Whatever it reads is checked before anything is
    /// written: Redis doesn't undo what a script wrote before it failed.
    /// </summary>
    public static RedisScript Reserve { get; } = ReserveBy("redis.call('TIME')");

    /// <summary>The same on another clock: Lua for its seconds and microseconds.</summary>
    public static RedisScript ReserveBy(string clock) => new(
        $$"""
        local function whole(text, most)
          local number = string.find(text, '^[1-9]%d*$') and tonumber(text)
          return number and number <= most and number
        end

        local clock = {{clock}}
        local time = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local now = time
        local seen = redis.call('GET', KEYS[1])
        if seen then
          seen = whole(seen, 253402300799999)
          if not seen then return redis.error_reply('DAMAGED clock') end
          now = math.max(now, seen)
        end

        local fits, never, wait = true, false, 0
        local used, current, stale, last = {}, {}, {}, {}
        for i = 2, #KEYS do
          local a = (i - 2) * 5
          local amount, max = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
          local multiplier, divisor, span = tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4]), tonumber(ARGV[a + 5])
          local bucket = math.floor(now * multiplier / divisor)
          local charges, sum = {}, 0
          current[i], stale[i], last[i] = bucket, {}, bucket
          local fields = redis.call('HGETALL', KEYS[i])
          for f = 1, #fields, 2 do
            local at, held = whole(fields[f], 253402300799999), whole(fields[f + 1], 9007199254000000)
            if not at or not held then return redis.error_reply('DAMAGED counter') end
            if at <= bucket - span then
              table.insert(stale[i], fields[f])
            else
              table.insert(charges, {at, held})
              sum = sum + held
            end
          end
          used[i] = sum
          if amount > max then
            fits, never = false, true
          elseif sum > max - amount then
            fits = false
            table.sort(charges, function(x, y) return x[1] < y[1] end)
            local left, free = sum, bucket + 1
            for _, charge in ipairs(charges) do
              if left <= max - amount then break end
              left = left - charge[2]
              free = charge[1] + span
            end
            wait = math.max(wait, math.ceil(free * divisor / multiplier) - time)
          end
        end

        if not fits then
          local answer = {0, never and 0 or wait}
          for i = 2, #KEYS do table.insert(answer, used[i]) end
          return answer
        end

        if not seen or now > seen then
          redis.call('SET', KEYS[1], string.format('%.0f', now), 'PX', 5356800000)
        end
        for i = 2, #KEYS do
          local a = (i - 2) * 5
          if tonumber(ARGV[a + 1]) > 0 then
            if #stale[i] > 0 then redis.call('HDEL', KEYS[i], unpack(stale[i])) end
            local held = redis.call('HINCRBY', KEYS[i], string.format('%.0f', current[i]), ARGV[a + 1])
            if held == tonumber(ARGV[a + 1]) then
              local ends = math.ceil((current[i] + tonumber(ARGV[a + 5])) * tonumber(ARGV[a + 4]) / tonumber(ARGV[a + 3]))
              redis.call('PEXPIREAT', KEYS[i], string.format('%.0f', ends + 60000))
            end
          end
        end
        return {1, now}
        """);

    /// <summary>For each counter: the amount and the bucket that it was charged to.</summary>
    public static RedisScript Release { get; } = new(
        """
        for i = 1, #KEYS do
          local amount, bucket = tonumber(ARGV[i * 2 - 1]), ARGV[i * 2]
          local held = redis.call('HGET', KEYS[i], bucket)
          if held and amount > 0 then
            held = string.find(held, '^[1-9]%d*$') and tonumber(held)
            if not held then return redis.error_reply('DAMAGED counter') end
            if held <= amount then
              redis.call('HDEL', KEYS[i], bucket)
            else
              redis.call('HINCRBY', KEYS[i], bucket, '-' .. ARGV[i * 2 - 1])
            end
          end
        end
        return 1
        """);
}
