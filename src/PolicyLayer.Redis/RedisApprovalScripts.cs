using PolicyLayer.Approvals;

namespace PolicyLayer.Redis;

/// <summary>
/// The scripts of approvals, one for each operation: what <c>RedisApprovalHolding</c> and <c>RedisApprovalTimes</c> say, and then the
/// operation's own work. Each answers with a list whose first element is a code; approvals follow as id, record and content.
/// </summary>
/// <param name="clock">Lua for the seconds and microseconds of a clock.</param>
internal sealed class RedisApprovalScripts(string clock)
{
    /// <summary>The version of the stored form, alone in the version's key.</summary>
    public const int Version = 1;

    public const string VersionText = "1";

    /// <summary>The script stopped early, before its own work, and wants to be called again.</summary>
    public const int More = -1;

    /// <summary>There is nothing, or nothing was done; as <see cref="Done"/> a code of all scripts but <see cref="Resolve"/>.</summary>
    public const int None = 0;

    public const int Done = 1;

    /// <summary>A request was made.</summary>
    public const int Requested = 2;

    public const int TooMany = 3;

    /// <summary>There is an approval with the new id.</summary>
    public const int KnownId = 4;

    private const string Tell =
        """
        local function tell(answer, id)
          answer[#answer + 1] = id
          answer[#answer + 1] = redis.call('HGET', records, id) or damaged()
          answer[#answer + 1] = redis.call('GET', contents .. id) or ''
          return answer
        end

        """;

    private const string Answering =
        """
        local function answerFor(binding, exact)
          local first
          for _, scope in ipairs({'w|', 'x|' .. exact .. '|'}) do
            local prefix = 'b|' .. binding .. '|' .. scope
            local entry = firstOf(prefix, 1)[1]
            local place = entry and string.sub(entry, #prefix + 1)
            if place and (not first or place < first) then first = place end
          end
          local isSpent = first and string.sub(first, 1, 1) == tostring(ranks.spent)
          return first and not isSpent and idOf(first)
        end

        """;

    /// <summary>What one that is only remembered has to leave for another of its grant, or of all.</summary>
    private const string Room =
        """
        local function isFull(grant, size, maxPending, maxAll, maxOwn, maxBytes, maxOwnBytes)
          local own = 'g|' .. grant .. '|'
          local isAllTaken = count >= maxAll and countOf('e|') == 0
          local isOwnTaken = countOf(own) >= maxOwn and countOf(own .. 'e|') == 0
          return size > maxOwnBytes - bytesOf('g|' .. grant) or size > maxBytes - bytesOf('all')
            or isAllTaken or isOwnTaken or countOf(own .. 'p|') >= maxPending
        end
        local function makeRoom(grant, maxAll, maxOwn)
          local own = 'g|' .. grant .. '|'
          local from
          if countOf(own) >= maxOwn then
            from = own .. 'e|'
          elseif redis.call('HLEN', records) >= maxAll then
            from = 'e|'
          end
          if from then forget(need(idOf(firstOf(from, 1)[1]))) end
        end

        """;

    private const string ForUse =
        """
        local function heldFor(id, binding, exact)
          local held = read(id)
          local isFor = held and held.ended == 0 and held.binding == binding and (held.narrow == 0 or held.exact == exact)
          return isFor and held
        end

        """;

    /// <summary>
    /// Values: the new id, the binding, the exact binding and the grant; whether a request may be made, how many may be pending, for how
    /// long; the uses, and for how many ticks they are valid; the content and its length; the bounds of all and of a grant, and those of
    /// their bytes.
    /// </summary>
    public RedisScript Ask { get; } = new(PartsBy(clock) + Tell + Answering + Room +
        $$"""
        local id, binding, exact, grant, mayRequest, maxPending, lasts, uses, valid, content, size = unpack(ARGV)
        local maxAll, maxOwn, maxBytes, maxOwnBytes = unpack(ARGV, 12)
        local there = answerFor(binding, exact)
        if there then return tell({{{Done}}}, there) end
        if mayRequest == '0' then return {{{None}}} end
        if redis.call('HEXISTS', records, id) == 1 then return {{{KnownId}}} end
        size, maxAll, maxOwn = tonumber(size), tonumber(maxAll), tonumber(maxOwn)
        count = redis.call('HLEN', records)
        if isFull(grant, size, tonumber(maxPending), maxAll, maxOwn, tonumber(maxBytes), tonumber(maxOwnBytes)) then
          return {{{TooMany}}}
        end
        makeRoom(grant, maxAll, maxOwn)
        local made = {
          id = id, binding = binding, exact = exact, grant = grant, status = 'pending', ended = 0, requested = time, lasts = lasts,
          uses = uses, valid = valid, left = uses, narrow = 0, bytes = size, answered = '', by = '', reason = '', entries = {}, kept = 0,
        }
        begin(made, tonumber(lasts))
        if size > 0 then redis.call('SET', contents .. id, content, 'PX', text(made.finish - time)) end
        keep(made)
        lastUntil(made.finish)
        return tell({{{Requested}}}, id)
        """);

    /// <summary>Values: the id, the binding and the exact binding.</summary>
    public RedisScript Spend { get; } = new(PartsBy(clock) + ForUse +
        $$"""
        local held = heldFor(unpack(ARGV))
        if not held or held.status ~= 'approved' then return {{{None}}} end
        held.left = held.left - 1
        if held.left == 0 then held.status, held.bytes = 'spent', 0 end
        keep(held)
        return {{{Done}}}
        """);

    /// <summary>Values: the id, the binding and the exact binding.</summary>
    public RedisScript Return { get; } = new(PartsBy(clock) + ForUse +
        $$"""
        local held = heldFor(unpack(ARGV))
        if not held or (held.status ~= 'approved' and held.status ~= 'spent') or held.left == held.uses then return {{{None}}} end
        held.left, held.status = held.left + 1, 'approved'
        keep(held)
        return {{{Done}}}
        """);

    /// <summary>
    /// Values: the id; who answers, and why; whether it is approved, whether for the very call alone, for how many uses and for how many
    /// ticks, or nothing for those of the request. Answers with the number of an <see cref="ApprovalResolution"/>.
    /// </summary>
    public RedisScript Resolve { get; } = new(PartsBy(clock) +
        $$"""
        local id, by, reason, isApproved, narrow, uses, valid = unpack(ARGV)
        local held = read(id)
        if not held then return {{{(int)ApprovalResolution.Unknown}}} end
        local approve = isApproved == '1'
        if held.status == 'expired' then return {{{(int)ApprovalResolution.Expired}}} end
        if held.status == 'refused' then return {{{(int)ApprovalResolution.Refused}}} end
        if held.status == 'spent' and (approve or held.ended == 1) then return {{{(int)ApprovalResolution.Spent}}} end
        if held.status == 'approved' and approve then return {{{(int)ApprovalResolution.NotNeeded}}} end
        uses, valid = tonumber(uses) or held.uses, tonumber(valid) or held.valid
        if approve and (uses > held.uses or valid > held.valid) then return {{{(int)ApprovalResolution.NotAllowed}}} end

        held.answered, held.by, held.reason = time, by, reason
        if approve then
          held.status, held.narrow, held.uses, held.left, held.valid = 'approved', tonumber(narrow), uses, uses, valid
          begin(held, math.ceil(valid / 10000))
          keep(held)
          redis.call('PEXPIRE', contents .. id, text(held.finish - time))
        else
          -- INVARIANT: a refusal that hasn't ended is the only one of its binding that hasn't. All are read before one is written.
          local others = {}
          for _, entry in ipairs(allOf('b|' .. held.binding .. '|')) do
            if idOf(entry) ~= id then others[#others + 1] = need(idOf(entry)) end
          end
          for _, other in ipairs(others) do
            other.status, other.answered, other.by, other.reason, other.finish = 'refused', time, by, reason, time
            finish(other, time)
          end
          held.status, held.left, held.bytes = 'refused', 0, 0
          begin(held, held.lasts)
          -- It holds before its time, too.
          held.earliest = 0
          keep(held)
        end
        lastUntil(held.finish)
        return {{{(int)ApprovalResolution.Done}}}
        """);

    /// <summary>Values: the id.</summary>
    public RedisScript Find { get; } = new(PartsBy(clock) + Tell +
        $$"""
        if redis.call('HEXISTS', records, ARGV[1]) == 0 then return {{{None}}} end
        return tell({{{Done}}}, ARGV[1])
        """);

    /// <summary>
    /// Values: how many; the grant behind a sign of equality, or nothing for all; the time and the id of the one that was listed before, or
    /// nothing.
    /// </summary>
    public RedisScript ListPending { get; } = new(PartsBy(clock) + Tell +
        $$"""
        local prefix = ARGV[2] == '' and 'p|' or 'g|' .. string.sub(ARGV[2], 2) .. '|p|'
        local after = ARGV[3] ~= '' and stamp(tonumber(ARGV[3]), ARGV[4]) or nil
        local answer = {{{Done}}}
        for _, entry in ipairs(firstOf(prefix, ARGV[1], after)) do tell(answer, idOf(entry)) end
        return answer
        """);

    /// <summary>By the server's clock.</summary>
    public static RedisApprovalScripts OnServer { get; } = new("redis.call('TIME')");

    /// <summary>
    /// The first line says that each script may write: no replica and no server whose memory is full runs it, though nothing may be due.
    /// </summary>
    private static string PartsBy(string clock) =>
        "#!lua\n" + RedisApprovalHolding.Check + RedisApprovalHolding.Read + RedisApprovalHolding.Write + RedisApprovalTimes.By(clock);
}
