namespace PolicyLayer.Redis;

/// <summary>
/// The scripts. A counter is a hash from bucket number to what was charged to it; the first key is the clock that the counters of a
/// policy share, and tells the version of what is stored. Lua counts in doubles: every single value and every sum of live buckets stays
/// below 2^53, so that they are exact, and nothing else is ever added up in Lua. Numbers are written by <c>%.0f</c>, as Lua's own text of
/// them ends after 14 digits.
/// </summary>
/// <param name="clock">Lua for the seconds and microseconds of a clock.</param>
internal sealed class RedisScripts(string clock)
{
    /// <summary>
    /// The version of the stored form. It stands in every counter's key, and before the time in the clock's value, where every later
    /// version must look for it too. The first form had none.
    /// </summary>
    public const int Version = 2;

    /// <summary>How the script's error begins when the keys have another version, which follows.</summary>
    public const string OtherVersion = "VERSION ";

    /// <summary>How the script's error begins when the clock is in neither of the windows that a demand on the calendar names.</summary>
    public const string Outside = "OUTSIDE ";

    /// <summary>The field of a counter that was reset: the time. What was charged then or before can't be given back.</summary>
    private const string ResetField = "reset";

    /// <summary>The field of a counter that all grants share and that counts for one: the key of what that grant holds.</summary>
    private const string HolderField = "holder";

    /// <summary>By the server's clock.</summary>
    public static RedisScripts OnServer { get; } = new("redis.call('TIME')");

    /// <summary>
    /// Keys: the clock, the counters, and what the grant holds if counters for values are among them. Values: 1 for a request that only
    /// looks, 2 for a charge that wants to know what the counters hold after it; how many counters for values the grant may hold, or
    /// nothing; for each counter the amount, the maximum, the minimum, and for windows of seconds nothing, what a time is divided by and
    /// for how many buckets a charge counts, for the calendar's where the window begins, where it ends, and where the next does; at last
    /// the places of the counters for values, below zero if all grants share them. Answers 1, the time charged at and the server's, at
    /// which counters of the recent kind were charged, and if wanted what each counter holds now; 0, or 3 for a look that would be charged,
    /// and for each counter what it holds and how long until its amount fits; or 2 and the demand that needs a counter too many. Whatever
    /// it reads is checked before anything is written: Redis doesn't undo what a script wrote before it failed.
    /// </summary>
    public RedisScript Reserve { get; } = new(ReserveBy(clock));

    /// <summary>Keys: the clock. Answers the latest time that the policy's counters have seen, and the server's.</summary>
    public RedisScript Time { get; } = new(Now(clock) + "\nreturn {now, time}");

    /// <summary>
    /// Keys: the clock, and a counter that is to hold nothing. What is charged from now on differs in time from what was.
    /// </summary>
    public RedisScript Reset { get; } = new(ResetBy(clock));

    /// <summary>For each counter the amount and the bucket that it was charged to; at last the time charged at.</summary>
    public static RedisScript Release { get; } = new(
        $$"""
        local time = tonumber(ARGV[#ARGV])
        for i = 1, #KEYS do
          local amount, bucket = tonumber(ARGV[i * 2 - 1]), ARGV[i * 2]
          local found = redis.call('HMGET', KEYS[i], bucket, '{{ResetField}}')
          local held = found[1]
          if held and amount > 0 and not (found[2] and time <= tonumber(found[2])) then
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

    /// <summary>Whether a field of a counter is none of its buckets.</summary>
    public static bool IsNote(string? field) => field is ResetField or HolderField;

    /// <summary>
    /// The clock is kept for 62 days, twice the longest window, so that no charge outlives it. The latest time is the last that a clock of
    /// .NET shows.
    /// </summary>
    private static string Now(string clock) =>
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
        local function text(number) return string.format('%.0f', number) end
        local function keep(moment)
          redis.call('SET', KEYS[1], '{{Version}}:' .. text(moment), 'PX', 5356800000)
        end
        """;

    private static string ResetBy(string clock) => Now(clock) +
        $$"""

        local fields, buckets = redis.call('HKEYS', KEYS[2]), {}
        for _, field in ipairs(fields) do
          if tonumber(field) then buckets[#buckets + 1] = field end
        end
        if #buckets > 0 then
          redis.call('HSET', KEYS[2], '{{ResetField}}', text(now))
          redis.call('HDEL', KEYS[2], unpack(buckets))
          keep(math.min(now + 1, latest))
        end
        return 1
        """;

    private static string ReserveBy(string clock) => Now(clock) +
        $$"""

        local holders = ARGV[2] ~= '' and KEYS[#KEYS]
        local count = holders and #KEYS - 2 or #KEYS - 1
        local function number(i, place) return tonumber(ARGV[i * 6 - 10 + place]) end
        local fits = true
        local answer, current, ends, stale, holder = {0}, {}, {}, {}, {}
        for i = 2, count + 1 do
          local amount, max, min, span = number(i, 1), number(i, 2), number(i, 3), number(i, 6)
          local start, divisor = number(i, 4), number(i, 5)
          local multiplier = span == 1 and 1 or 3
          local bucket, newest, finish
          if not start then
            -- What must be recent goes by the server's clock of now, though it was ahead once, and counts nothing that is ahead of it.
            local moment = span == {{RedisBuckets.BucketsOfWindow}} and time or now
            bucket = math.floor(moment * multiplier / divisor)
            newest = span == {{RedisBuckets.BucketsOfWindow}} and bucket + 1
            finish = math.ceil((bucket + span) * divisor / multiplier)
          elseif now < start or now >= span then
            return redis.error_reply('{{Outside}}the windows of the request')
          else
            bucket, finish = start, divisor
            if now >= divisor then bucket, finish = divisor, span end
            span = 1
          end
          local fields = redis.call('HGETALL', KEYS[i])
          local sum, ahead, old = 0, 0, nil
          for f = 1, #fields, 2 do
            local at, held = tonumber(fields[f]), tonumber(fields[f + 1])
            if fields[f] == '{{HolderField}}' then
              holder[i] = fields[f + 1]
            elseif fields[f] ~= '{{ResetField}}' then
              -- What isn't a number isn't less or more than one either.
              if not at or not held or held % 1 ~= 0 or held < 1 or held > 9007199254000000
                or (at == bucket and not string.find(fields[f + 1], '^[1-9]%d*$')) then
                return redis.error_reply('DAMAGED counter')
              end
              local isAhead = newest and at > newest
              if isAhead or at <= bucket - span then
                old = old or {}
                old[#old + 1] = fields[f]
              else
                sum = sum + held
              end
              if isAhead then ahead = ahead + held end
              if at == newest then finish = math.ceil((at + span) * divisor / multiplier) end
            end
          end
          current[i], stale[i], ends[i] = bucket, old, finish
          local wait = 0
          if sum > max - amount then
            fits = false
            local charges = {}
            for f = 1, #fields, 2 do
              local at = tonumber(fields[f])
              if at and at > bucket - span then table.insert(charges, {at, tonumber(fields[f + 1])}) end
            end
            table.sort(charges, function(x, y) return x[1] < y[1] end)
            local left, free = sum + ahead, bucket + 1
            for _, charge in ipairs(charges) do
              if left <= max - amount then break end
              left = left - charge[2]
              free = charge[1] + span
            end
            wait = (start and finish or math.ceil(free * divisor / multiplier)) - time
          end
          fits = fits and sum >= min
          table.insert(answer, sum)
          table.insert(answer, wait)
        end

        if not fits then return answer end
        local made, first = {}, nil
        for k = 3 + count * 6, #ARGV do
          local i = math.abs(tonumber(ARGV[k]))
          local expires = number(i, 1) > 0 and redis.call('ZSCORE', holder[i] or holders, KEYS[i])
          if number(i, 1) > 0 and not (expires and tonumber(expires) > now) then
            made[i], first = tonumber(ARGV[k]), first or i
          end
        end
        if first then
          local needed = 0
          for _ in pairs(made) do needed = needed + 1 end
          if redis.call('ZCOUNT', holders, '(' .. text(now), '+inf') + needed > tonumber(ARGV[2]) then return {2, first - 2} end
        end
        if ARGV[1] == '1' then
          answer[1] = 3
          return answer
        end

        if not seen or now > seen then keep(now) end
        for i = 2, count + 1 do
          if number(i, 1) > 0 then
            local amount = ARGV[i * 6 - 9]
            if stale[i] then redis.call('HDEL', KEYS[i], unpack(stale[i])) end
            local held = redis.call('HINCRBY', KEYS[i], text(current[i]), amount)
            if held == tonumber(amount) then redis.call('PEXPIREAT', KEYS[i], text(ends[i] + 60000)) end
          end
        end
        for k = 3 + count * 6, #ARGV do
          local i = math.abs(tonumber(ARGV[k]))
          if number(i, 1) > 0 then
            if made[i] then
              holder[i] = holders
              if made[i] < 0 then redis.call('HSET', KEYS[i], '{{HolderField}}', holders) end
              redis.call('ZREMRANGEBYSCORE', holders, '-inf', text(now))
            end
            local key = holder[i] or holders
            redis.call('ZADD', key, 'GT', text(ends[i]), KEYS[i])
            redis.call('PEXPIREAT', key, text(ends[i] + 60000), 'NX')
            redis.call('PEXPIREAT', key, text(ends[i] + 60000), 'GT')
          end
        end
        local charged = {1, now, time}
        for i = 2, ARGV[1] == '2' and count + 1 or 1 do charged[i + 2] = answer[i * 2 - 2] + number(i, 1) end
        return charged
        """;
}
