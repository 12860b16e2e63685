namespace PolicyLayer.Redis;

/// <summary>
/// The two scripts. A counter is a hash from bucket number to what was charged to it; the first key is the clock that the counters of a
/// policy share, and tells the version of what is stored. Lua counts in doubles: every single value and every sum of live buckets stays
/// below 2^53, so that they are exact, and nothing else is ever added up in Lua.
/// </summary>
internal static class RedisScripts
{
    /// <summary>
    /// The version of the stored form. It stands in every counter's key, and before the time in the clock's value, where every later
    /// version must look for it too. The first form had none.
    /// </summary>
    public const int Version = 2;

    /// <summary>How the script's error begins when the keys have another version, which follows.</summary>
    public const string OtherVersion = "VERSION ";

    /// <summary>
    /// For each counter: the amount, the maximum, a time's bucket (times multiplier, by divisor) and for how many buckets a charge counts;
    /// then 1 for a request that only looks. Answers 1 and the time charged at; or 0, and for each counter what it holds and how long until
    /// its demand fits. Whatever it reads is checked before anything is written: Redis doesn't undo what a script wrote before it failed.
    /// The clock is kept for 62 days, twice the longest window, so that no charge outlives it. Numbers are written by <c>%.0f</c>, as Lua's
    /// own text of them ends after 14 digits.
    /// </summary>
    public static RedisScript Reserve { get; } = ReserveBy("redis.call('TIME')");

    /// <summary>The same on another clock: Lua for its seconds and microseconds.</summary>
    public static RedisScript ReserveBy(string clock) => new(
        $$"""
        local clock = {{clock}}
        local time = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local now = time
        local latest = 253402300799999
        local seen = redis.call('GET', KEYS[1])
        if seen then
          local version = string.match(seen, '^(%d+):') or (string.find(seen, '^[1-9]%d*$') and tonumber(seen) <= latest and '1')
          if version and version ~= '{{Version}}' then return redis.error_reply('{{OtherVersion}}' .. version) end
          seen = tonumber(string.match(seen, '^%d+:([1-9]%d*)$'))
          if not seen or seen > latest then return redis.error_reply('DAMAGED clock') end
          now = math.max(now, seen)
        end

        local fits = true
        local answer, current, stale = {0}, {}, {}
        for i = 2, #KEYS do
          local a = (i - 2) * 5
          local amount, max, span = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 5])
          local multiplier, divisor = tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
          local bucket = math.floor(now * multiplier / divisor)
          local fields = redis.call('HGETALL', KEYS[i])
          local sum, old = 0, nil
          for f = 1, #fields, 2 do
            local at, held = tonumber(fields[f]), tonumber(fields[f + 1])
            -- What isn't a number isn't less or more than one either.
            if not at or not held or held % 1 ~= 0 or held < 1 or held > 9007199254000000
              or (at == bucket and not string.find(fields[f + 1], '^[1-9]%d*$')) then
              return redis.error_reply('DAMAGED counter')
            end
            if at <= bucket - span then
              old = old or {}
              old[#old + 1] = fields[f]
            else
              sum = sum + held
            end
          end
          current[i], stale[i] = bucket, old
          local wait = 0
          if sum > max - amount then
            fits = false
            local charges = {}
            for f = 1, #fields, 2 do
              local at = tonumber(fields[f])
              if at > bucket - span then table.insert(charges, {at, tonumber(fields[f + 1])}) end
            end
            table.sort(charges, function(x, y) return x[1] < y[1] end)
            local left, free = sum, bucket + 1
            for _, charge in ipairs(charges) do
              if left <= max - amount then break end
              left = left - charge[2]
              free = charge[1] + span
            end
            wait = math.ceil(free * divisor / multiplier) - time
          end
          table.insert(answer, sum)
          table.insert(answer, wait)
        end

        if not fits then return answer end
        if ARGV[#ARGV] == '1' then return {1, now} end

        if not seen or now > seen then
          redis.call('SET', KEYS[1], '{{Version}}:' .. string.format('%.0f', now), 'PX', 5356800000)
        end
        for i = 2, #KEYS do
          local a = (i - 2) * 5
          if tonumber(ARGV[a + 1]) > 0 then
            if stale[i] then redis.call('HDEL', KEYS[i], unpack(stale[i])) end
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
