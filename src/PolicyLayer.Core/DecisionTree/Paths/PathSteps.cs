using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Paths;

/// <summary>Follows steps from value to value.</summary>
internal static class PathSteps
{
    /// <summary>Follows steps of which none is <c>[*]</c>.</summary>
    public static PathOutcome Follow(this ReadOnlySpan<PathStep> steps, JsonValue start, out JsonValue value)
    {
        value = start;
        foreach (PathStep step in steps)
        {
            if (value.Kind == JsonKind.Null)
            {
                return PathOutcome.Missing;
            }

            if (value.Kind != (step.Utf8Name is null ? JsonKind.Array : JsonKind.Object))
            {
                return PathOutcome.Unjudgeable;
            }

            bool found = step.Utf8Name is null
                ? value.TryGetElement(step.Index, out JsonValue next)
                : value.TryGetProperty(step.Utf8Name, out next);
            if (!found)
            {
                return PathOutcome.Missing;
            }

            value = next;
        }

        return PathOutcome.Present;
    }

    public static int IndexOfAllElements(this ReadOnlySpan<PathStep> steps)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i].IsAllElements)
            {
                return i;
            }
        }

        return -1;
    }
}
