namespace PolicyLayer.Redis;

/// <summary>
/// Lua for what is held of approvals, and how it is read and written. Keys: the version; the records; the index; by when each ends or, once
/// it has, is forgotten; by before when a clock that steps back ends each; the bytes of contents; what the keys of contents begin with.
/// </summary>
/// <remarks>
/// <para>The records are a hash from id to the fields of an approval with bars between. Times are whole milliseconds since the Unix epoch,
/// below 10^15 like all numbers, so that doubles have them exactly; the time for which an approval is valid is in ticks.</para>
/// <para>The index is a sorted set without scores, whose entries are in the order of their bytes. Each approval has one entry of its grant,
/// <c>g|grant|state|time|id</c> with the state p for pending, l for one that lives otherwise, e for one that has ended. One that hasn't
/// ended has one of its binding, <c>b|binding|scope|rank|requested|id</c> where the scope is w for all calls of the binding, or x and an
/// exact binding for what is narrowed to one; one that has ended has <c>e|next|id</c>; a pending one has <c>p|requested|id</c>
/// besides.</para>
/// <para>INVARIANT: these keys hold something or nothing together, and expire together, an hour and a minute after the last end: what is
/// left of them when one is lost is damaged, never taken for the whole.</para>
/// </remarks>
internal static class RedisApprovalHolding
{
    /// <summary>What an approval's record has, in this order. Numbers are named again below.</summary>
    public const string Fields =
        "binding exact grant status ended requested earliest next finish lasts uses valid left narrow bytes answered by reason";

    /// <summary>Whatever stands in a key is told by reading all of them before anything is written.</summary>
    public const string Check =
        $$"""
        local versionKey, records, index, nexts, earliests, bytes, contents = unpack(KEYS)
        local hour, minute, latest = 3600000, 60000, 253402300799999
        local ranks = {refused = 0, approved = 1, pending = 2, spent = 3, expired = 3}
        local function damaged() error({err = 'DAMAGED approvals'}) end
        local function text(number) return string.format('%.0f', number) end
        local function stamp(moment, id) return string.format('%015.0f|', moment) .. id end
        local function idOf(entry) return string.match(entry, '[^|]*$') end
        local function under(prefix) return '[' .. prefix, '(' .. string.sub(prefix, 1, -2) .. '}' end
        local function countOf(prefix) return redis.call('ZLEXCOUNT', index, under(prefix)) end
        local function allOf(prefix) return redis.call('ZRANGEBYLEX', index, under(prefix)) end
        local function firstOf(prefix, count, after)
          local from, to = under(prefix)
          return redis.call('ZRANGEBYLEX', index, after and '(' .. prefix .. after or from, to, 'LIMIT', 0, count)
        end

        local version = redis.call('GET', versionKey)
        if version and version ~= '{{RedisApprovalScripts.VersionText}}' then
          if string.find(version, '^[1-9]%d*$') then error({err = '{{RedisScripts.OtherVersion}}' .. version}) end
          damaged()
        end
        local count = redis.call('HLEN', records)
        redis.call('HLEN', bytes)
        if redis.call('ZCARD', nexts) ~= count or redis.call('ZCARD', earliests) ~= count
          or redis.call('ZCARD', index) ~= 2 * count + countOf('p|') or (count > 0 and not version) then
          damaged()
        end

        """;

    /// <summary>What is read is right in all of its fields, or damaged.</summary>
    public const string Read =
        $$"""
        local fields, numbers = {}, {}
        for name in string.gmatch('{{Fields}}', '%a+') do fields[#fields + 1] = name end
        for name in string.gmatch('ended requested earliest next finish lasts uses valid left narrow bytes', '%a+') do
          numbers[#numbers + 1] = name
        end
        local function number(value)
          return string.find(value, '^%d+$') and #value <= 15 and tonumber(value) or damaged()
        end
        local function entriesOf(held)
          local moment = stamp(held.requested, held.id)
          if held.ended == 1 then
            local ends = stamp(held.next, held.id)
            return {['g|' .. held.grant .. '|e|' .. ends] = true, ['e|' .. ends] = true}
          end
          -- A refusal is there for all calls of its binding, though it was narrowed to one before.
          local isNarrow = held.narrow == 1 and held.status ~= 'refused'
          local scope = isNarrow and 'x|' .. held.exact or 'w'
          local isPending = held.status == 'pending'
          local entries = {
            ['g|' .. held.grant .. (isPending and '|p|' or '|l|') .. moment] = true,
            ['b|' .. held.binding .. '|' .. scope .. '|' .. ranks[held.status] .. '|' .. moment] = true,
          }
          if isPending then entries['p|' .. moment] = true end
          return entries
        end
        local function read(id)
          local record = redis.call('HGET', records, id)
          if not record then return nil end
          local held, place = {id = id}, 0
          for value in string.gmatch(record .. '|', '([^|]*)|') do
            place = place + 1
            held[fields[place] or damaged()] = value
          end
          if place ~= #fields or not ranks[held.status] then damaged() end
          for _, name in ipairs(numbers) do held[name] = number(held[name]) end
          local isOpen = held.status == 'pending' or held.status == 'approved'
          if held.uses < 1 or held.left > held.uses or (held.left > 0) ~= isOpen or held.ended > 1 or held.narrow > 1
            or (held.ended == 1 and isOpen) or (held.ended == 0 and held.status == 'expired') then
            damaged()
          end
          held.entries, held.kept = entriesOf(held), held.bytes
          return held
        end
        local function need(id) return read(id) or damaged() end

        """;

    /// <summary>One approval is written whole, once all that it takes has been read.</summary>
    public const string Write =
        """
        local function bytesOf(holder) return number(redis.call('HGET', bytes, holder) or '0') end
        local function weigh(holder, change)
          local sum = bytesOf(holder) + change
          return sum < 0 and damaged() or text(sum)
        end
        local function keep(held)
          local owner, change = 'g|' .. held.grant, held.bytes - held.kept
          local all, own = weigh('all', change), weigh(owner, change)
          local values, entries = {}, entriesOf(held)
          for i, name in ipairs(fields) do values[i] = type(held[name]) == 'number' and text(held[name]) or held[name] end
          redis.call('HSET', records, held.id, table.concat(values, '|'))
          redis.call('ZADD', nexts, text(held.next), held.id)
          redis.call('ZADD', earliests, text(held.earliest), held.id)
          for entry in pairs(entries) do
            if not held.entries[entry] then redis.call('ZADD', index, 0, entry) end
          end
          for entry in pairs(held.entries) do
            if not entries[entry] then redis.call('ZREM', index, entry) end
          end
          if change ~= 0 then
            redis.call('HSET', bytes, 'all', all, owner, own)
            if own == '0' then redis.call('HDEL', bytes, owner) end
            if held.bytes == 0 then redis.call('DEL', contents .. held.id) end
          end
          held.entries, held.kept = entries, held.bytes
        end
        local function forget(held)
          redis.call('HDEL', records, held.id)
          redis.call('ZREM', nexts, held.id)
          redis.call('ZREM', earliests, held.id)
          for entry in pairs(held.entries) do redis.call('ZREM', index, entry) end
        end

        """;
}
