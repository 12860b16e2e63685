using System.Globalization;
using System.Text.Json;

namespace PolicyLayer.Tests.Differential;

/// <summary>A path as steps: a name, an index, or null for <c>[*]</c>.</summary>
internal sealed record GeneratedPath(string Root, IReadOnlyList<object?> Steps)
{
    public bool FansOut => Steps.Contains(null);

    public static GeneratedPath Next(Random random)
    {
        string root = random.Next(10) switch { 0 => "grant", 1 => "context", _ => "args" };
        int steps = root == "grant" && random.Percent(90) ? 1 : 1 + random.Next(3);
        return new GeneratedPath(root, [.. Enumerable.Range(0, steps).Select(i => Step(random, first: i == 0))]);
    }

    public override string ToString() => Root + string.Concat(Steps.Select(step => step switch
    {
        null => "[*]",
        int index => "[" + index.ToString(CultureInfo.InvariantCulture) + "]",
        string name when name.Length > 0 && name.IndexOfAny(['.', '"', '[', ']']) < 0 => "." + name,
        _ => "[" + JsonSerializer.Serialize((string)step) + "]",
    }));

    /// <summary>Puts values where the path leads, building what is missing on the way.</summary>
    public Json Place(Json? node, Random random, Func<Json> value, int at = 0)
    {
        if (at == Steps.Count)
        {
            // A copy: another path may lead into it, and it may stand in several places, or in itself.
            return value().Copy();
        }

        if (at > 0 && random.Percent(4))
        {
            return Vocabulary.Scalar(random);
        }

        return Steps[at] switch
        {
            string name => PlaceName(node, name, random, value, at),
            int index => PlaceIndex(node, index, random, value, at),
            _ => Json.Array(
                Enumerable.Range(0, random.One([0, 1, 1, 1, 2, 2, 3])).Select(_ => Place(null, random, value, at + 1)).ToList()),
        };
    }

    private static object? Step(Random random, bool first) => random.Next(first ? 60 : 10) switch
    {
        0 => random.Next(3),
        1 or 2 => null,
        _ => Vocabulary.Name(random),
    };

    private Json PlaceName(Json? node, string name, Random random, Func<Json> value, int at)
    {
        Json target = node?.Kind == "object" ? node : Json.Object();
        Json child = Place(target[name], random, value, at + 1);
        target.Members.RemoveAll(m => m.Name == name);
        target.Members.Add((name, child));
        return random.Percent(4) ? Recased(target, name, random) : target;
    }

    /// <summary>The member in another case, beside the one of its name or in its place.</summary>
    private static Json Recased(Json target, string name, Random random)
    {
        string recased = Vocabulary.Recased(name, random);
        if (target[recased] is null)
        {
            int place = random.Next(target.Members.Count + 1);
            target.Members.Insert(place, (recased, random.Percent(50) ? target[name]!.Copy() : Vocabulary.Scalar(random)));
            target.Members.RemoveAll(m => m.Name == name && random.Percent(50));
        }

        return target;
    }

    private Json PlaceIndex(Json? node, int index, Random random, Func<Json> value, int at)
    {
        Json target = node?.Kind == "array" ? node : Json.Array();
        while (target.Items.Count <= index)
        {
            target.Items.Add(Vocabulary.Scalar(random));
        }

        target.Items[index] = Place(target.Items[index], random, value, at + 1);
        return target;
    }
}
