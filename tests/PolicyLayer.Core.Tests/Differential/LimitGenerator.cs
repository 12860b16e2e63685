namespace PolicyLayer.Tests.Differential;

/// <summary>Makes limits and orders that load, and remembers for the calls what they look at.</summary>
internal sealed class LimitGenerator(Random random, IReadOnlyList<GeneratedPath> paths)
{
    private static readonly string[] Names = [.. NaiveWindows.Named.Keys];

    /// <summary>Where amounts come from.</summary>
    public List<GeneratedPath> Amounts { get; } = [];

    /// <summary>Where lists stand whose elements are counted.</summary>
    public List<GeneratedPath> Counts { get; } = [];

    /// <summary>Where values stand that have counters and marks of their own.</summary>
    public List<GeneratedPath> Values { get; } = [];

    /// <summary>At most two, no two of one identity.</summary>
    public Json Limits() => Json.Array(random.Several(2, Limit).DistinctBy(Identity));

    public Json Rate() => random.Percent(50)
        ? Json.String(random.One(["2/second", "3/minute"]))
        : Json.Object(("max", Json.Number(random.One(["1", "2"]))), ("window", Window()));

    public static bool IsTaken(Json limits, string counter) => limits.Items.Any(limit => limit["counter"]!.Text == counter);

    /// <summary>One list of orders, as a member of an entry.</summary>
    public IEnumerable<(string, Json)> Orders()
    {
        foreach (string list in (string[])["after", "not_after"])
        {
            if (random.Percent(12))
            {
                yield return (list, Json.Array(Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Order()).ToList()));
            }
        }
    }

    private Json Limit()
    {
        string scope = random.One(["grant", "grant", "policy", "session"]);
        List<(string, Json)> members =
        [
            ("counter", Json.String(random.One(["c", "d", "t_rate"]))),
            ("window", Window()),
            ("max", Json.Number(random.One(["0", "0.5", "1", "2", "2.5", "3", "10", "3e0", "100.000001"]))),
        ];
        if (scope != "grant" || random.Percent(50))
        {
            members.Add(("scope", Json.String(scope)));
        }

        members.AddRange(Amount());
        if (random.Percent(30))
        {
            List<Json> per = [.. Enumerable.Range(0, random.One([1, 1, 1, 2, 4])).Select(_ => Json.String(Value()))];
            members.Add(("per", per.Count == 1 && random.Percent(50) ? per[0] : Json.Array(per)));
        }

        return Json.Object(members);
    }

    private Json Window() => random.Percent(25)
        ? Json.Number(random.One(["60", "7", "604800"]))
        : Json.String(random.One(Names));

    private IEnumerable<(string, Json)> Amount()
    {
        int kind = random.Next(100);
        if (kind >= 45)
        {
            yield break;
        }

        GeneratedPath path = random.Percent(50) && paths.FirstOrDefault(p => p.Root == "args") is { } known
            ? known
            : new GeneratedPath("args", [random.One(Vocabulary.Names), .. random.Several(1, () => (object?)null)]);
        if (kind < 18)
        {
            path = path with { Steps = [.. path.Steps, null] };
            Counts.Add(path);
            yield return ("count_of", Json.String(path.ToString()));
        }
        else
        {
            Amounts.Add(path);
            yield return ("increment_from", Json.String(path.ToString()));
        }

        if (random.Percent(50))
        {
            yield return ("increment_default", Json.Number(random.One(["0", "1", "0.5", "2", "25e-1"])));
        }
    }

    private Json Order()
    {
        List<(string, Json)> members =
        [
            ("tool", Json.String(random.One(Vocabulary.Tools))),
            ("within", random.Percent(35) ? Json.Number(random.One(["7", "60", "86400"])) : Json.String(random.One(Names[..4]))),
        ];
        if (random.Percent(50))
        {
            members.Add(("scope", Json.String(random.One(["grant", "grant", "session"]))));
        }

        if (random.Percent(30))
        {
            members.Add(("same", Json.String(Value())));
        }

        return Json.Object(members);
    }

    /// <summary>A path to one value, mostly one that another limit or order goes by as well: then their counters may meet.</summary>
    private string Value()
    {
        if (random.Percent(8))
        {
            return "call.tool";
        }

        GeneratedPath path = Values.Count > 0 && random.Percent(60) ? random.One(Values) : GeneratedPath.Next(random);
        path = path.FansOut || path.Steps.Count > 2 ? path with { Steps = [random.One(Vocabulary.Names)] } : path;
        Values.Add(path);
        return path.ToString();
    }

    private static string Identity(Json limit)
    {
        string per = limit["per"] is { Kind: "string" } path ? Json.Array(path).ToString() : limit["per"]?.ToString() ?? "";
        return $"{limit["counter"]!.Text} {limit["scope"]?.Text ?? "grant"} {NaiveWindows.Identity(limit["window"]!.Text)} {per}";
    }
}
