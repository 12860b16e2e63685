using System.Text.Json;
using PolicyLayer.Tests.Behaviour;

namespace PolicyLayer.Tests.Differential;

/// <summary>What people were asked and what they said, as the policy's description has it: a list that is looked through.</summary>
internal sealed class NaiveApprovals
{
    private static readonly TimeSpan HostsTime = TimeSpan.FromMinutes(10);

    private readonly List<Held> _all = [];
    private readonly Dictionary<GeneratedCall, Held> _waiting = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GeneratedCall, Held> _spent = new(ReferenceEqualityComparer.Instance);

    /// <summary>What there is for a call: first a refusal, then an approval, then a request, which is made where it may be.</summary>
    public Held? Find(GeneratedCall call, Json entry, string whole, string exact, DateTime now, bool mayAsk)
    {
        Held[] there =
        [
            .. _all.Where(each => each.Whole == whole && now < each.End && each.State != "spent")
                .Where(each => each.State == "refused" || !each.IsNarrowed || each.Exact == exact),
        ];
        Held? found = there.FirstOrDefault(each => each.State == "refused")
            ?? there.FirstOrDefault(each => each.State == "approved")
            ?? there.FirstOrDefault();
        if (found is null && mayAsk)
        {
            found = new Held(whole, exact, (int)(Number(entry, "uses") ?? 1), TimeOf(entry), now + HostsTime);
            _all.Add(found);
        }

        if (found is not null)
        {
            _waiting[call] = found;
        }

        return found;
    }

    /// <summary>A call was allowed, and spends a use.</summary>
    public void Spend(GeneratedCall call, Held approval)
    {
        approval.UsesLeft--;
        approval.State = approval.UsesLeft == 0 ? "spent" : "approved";
        _spent[call] = approval;
    }

    /// <summary>A call never ran.</summary>
    public void GiveBack(GeneratedCall call, DateTime now)
    {
        if (_spent.Remove(call, out Held? held) && held.State is "approved" or "spent" && now < held.End)
        {
            held.UsesLeft++;
            held.State = "approved";
        }
    }

    /// <summary>A person's answer to the request that a call waits for.</summary>
    public string Answer(GeneratedCall call, PersonAnswer answer, DateTime now)
    {
        Held held = _waiting[call];
        if (now >= held.End)
        {
            return held.State switch { "spent" => "Spent", "refused" => "Refused", _ => "Expired" };
        }

        if (held.State == "refused")
        {
            return "Refused";
        }

        if (!answer.IsApproved)
        {
            foreach (Held other in _all.Where(each => each.Whole == held.Whole && now < each.End))
            {
                (other.State, other.End) = ("refused", now);
            }

            held.End = now + HostsTime;
            return "Done";
        }

        if (held.State != "pending")
        {
            return held.State == "spent" ? "Spent" : "NotNeeded";
        }

        if (answer.Uses > held.UsesLeft || answer.ValidFor > held.ValidFor)
        {
            return "NotAllowed";
        }

        held.UsesLeft = answer.Uses ?? held.UsesLeft;
        (held.State, held.IsNarrowed, held.End) = ("approved", answer.IsExact, now + (answer.ValidFor ?? held.ValidFor));
        return "Done";
    }

    /// <summary>All that an approval of the very call is bound to, and the same with what the entry's <c>same</c> names.</summary>
    public static (string Whole, string Exact) Bind(GeneratedCall call, Json entry, Json? allTools, string asking, Func<string, Json> root)
    {
        IEnumerable<string> read = ContextPaths(entry).Concat(allTools is null ? [] : ContextPaths(allTools));
        string[] facts = [.. read.Distinct().Order(StringComparer.Ordinal)];
        string?[] bound =
        [
            call.Grant, string.IsNullOrEmpty(call.Session) ? null : call.Session, call.Server, call.Tool, asking,
            .. facts.Select(path => NaiveCondition.Resolve(path, root).Single() switch
            {
                { IsUnjudgeable: true } => "all of " + NaiveExact.Of(root("context")),
                { Value: { } value } => "value " + NaiveExact.Of(value),
                _ => "missing",
            }),
        ];
        string others = JsonSerializer.Serialize(bound);
        string exact = others + " all " + NaiveExact.Of(root("args"));
        Json?[] same =
            [.. (entry["approval"]?["same"]?.Items ?? []).Select(path => NaiveCondition.Resolve(path.Text, root).Single().Value)];
        return same.Length > 0 && same.All(value => value?.Kind is "string" or "number" or "boolean")
            ? (others + " some " + JsonSerializer.Serialize(same.Select(value => NaiveExact.Of(value!))), exact)
            : (exact, exact);
    }

    /// <summary>The paths into the context that are written anywhere in it, up to their first fan.</summary>
    private static IEnumerable<string> ContextPaths(Json part)
    {
        IEnumerable<string> own = part.Members
            .Where(member => member.Name is "path" or "value_from" or "per" or "same")
            .SelectMany(member => member.Value.Kind == "array" ? member.Value.Items : [member.Value])
            .Where(value => value.Kind == "string" && value.Text.StartsWith("context", StringComparison.Ordinal))
            .Select(value => value.Text.Split("[*]")[0]);
        IEnumerable<Json> parts =
            part.Members.Where(member => member.Name is not ("arguments" or "value")).Select(member => member.Value);
        return own
            .Concat(parts.SelectMany(ContextPaths))
            .Concat(part.Items.SelectMany(ContextPaths));
    }

    private static decimal? Number(Json entry, string member) =>
        entry["approval"]?[member] is { Kind: "number" } number
            ? decimal.Parse(number.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static TimeSpan TimeOf(Json entry) => entry["approval"]?["for"]?.Text switch
    {
        null => HostsTime,
        "second" => TimeSpan.FromSeconds(1),
        "minute" => TimeSpan.FromMinutes(1),
        "hour" => TimeSpan.FromHours(1),
        "day" => TimeSpan.FromDays(1),
        _ => TimeSpan.FromSeconds((double)Number(entry, "for")!),
    };

    /// <summary>A request, or what became of it.</summary>
    internal sealed class Held(string whole, string exact, int uses, TimeSpan validFor, DateTime end)
    {
        public string Whole => whole;

        public string Exact => exact;

        public TimeSpan ValidFor => validFor;

        public string State { get; set; } = "pending";

        public bool IsNarrowed { get; set; }

        public int UsesLeft { get; set; } = uses;

        public DateTime End { get; set; } = end;
    }
}
