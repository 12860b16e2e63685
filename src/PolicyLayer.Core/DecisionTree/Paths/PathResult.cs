using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Paths;

/// <summary>Where a path led.</summary>
internal enum PathOutcome : byte
{
    /// <summary>To a value, perhaps null.</summary>
    Present,

    /// <summary>To nothing: through null, or to a name or index that isn't there.</summary>
    Missing,

    /// <summary>Through a value of another kind than the step needs.</summary>
    Unjudgeable,
}

/// <summary>Where a path led, and to which value.</summary>
internal readonly ref struct PathResult(PathOutcome outcome, JsonValue value = default)
{
    public PathOutcome Outcome { get; } = outcome;

    public JsonValue Value { get; } = value;

    /// <summary>Follows steps of which none is <c>[*]</c>.</summary>
    public static PathResult Follow(JsonValue value, ReadOnlySpan<PathStep> steps)
    {
        foreach (PathStep step in steps)
        {
            if (value.Kind == JsonKind.Null)
            {
                return new PathResult(PathOutcome.Missing);
            }

            if (value.Kind != (step.Utf8Name is null ? JsonKind.Array : JsonKind.Object))
            {
                return new PathResult(PathOutcome.Unjudgeable);
            }

            bool found = step.Utf8Name is null
                ? value.TryGetElement(step.Index, out JsonValue next)
                : value.TryGetProperty(step.Utf8Name, out next);
            if (!found)
            {
                return new PathResult(PathOutcome.Missing);
            }

            value = next;
        }

        return new PathResult(PathOutcome.Present, value);
    }
}
