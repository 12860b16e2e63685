namespace PolicyLayer.Redis;

/// <summary>Lua for when approvals begin, end and are forgotten, by the server's clock.</summary>
internal static class RedisApprovalTimes
{
    /// <summary>
    /// How many approvals one call ends or forgets: so many that a burst soon has ended, and so few that no other client of the server
    /// waits for long.
    /// </summary>
    public const int MostEndings = 500;

    private const string Lasting =
        """
        local function begin(held, length)
          held.earliest, held.next = time, math.min(time + length, latest)
          held.finish = held.next
        end
        -- A net below all that is counted by script calls: with nobody asking, all keys go by themselves.
        local function lastUntil(moment)
          local lasts = text(math.max(moment + hour + minute - time, redis.call('PTTL', versionKey)))
          redis.call('SET', versionKey, ours, 'PX', lasts)
          for _, key in ipairs({records, index, nexts, earliests, bytes}) do redis.call('PEXPIRE', key, lasts) end
        end

        """;

    private const string Ending =
        """
        local function finish(held, moment)
          if held.status ~= 'refused' and held.status ~= 'spent' then held.status = 'expired' end
          held.ended, held.left, held.bytes = 1, 0, 0
          held.earliest, held.next = moment, math.min(moment + hour, latest)
          keep(held)
        end

        """;

    /// <summary>
    /// Ends what is due and what a clock that stepped back by over a minute ends, and forgets what ended an hour ago, before anything else
    /// is answered.
    /// </summary>
    private static readonly string Advance =
        $$"""
        local function isMoreDue()
          for _ = 1, {{MostEndings}} do
            local due = redis.call('ZRANGEBYSCORE', nexts, '-inf', text(time), 'LIMIT', 0, 1)[1]
            local ahead = not due
              and redis.call('ZREVRANGEBYSCORE', earliests, '+inf', '(' .. text(time + minute), 'LIMIT', 0, 1)[1]
            if not due and not ahead then return false end
            local held = need(due or ahead)
            if not due then
              finish(held, time)
            elseif held.ended == 1 then
              forget(held)
            else
              finish(held, held.next)
            end
          end
          return true
        end
        if isMoreDue() then return {{{RedisApprovalScripts.More}}} end

        """;

    /// <param name="clock">Lua for the seconds and microseconds of a clock.</param>
    public static string By(string clock) =>
        $"""
        local clock = {clock}
        local time, ours = clock[1] * 1000 + math.floor(clock[2] / 1000), '{RedisApprovalScripts.VersionText}'

        """ + Lasting + Ending + Advance;
}
