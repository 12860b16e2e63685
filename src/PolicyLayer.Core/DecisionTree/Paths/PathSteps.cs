using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Paths;

/// <summary>Follows steps from value to value.</summary>
internal static class PathSteps
{
    /// <summary>No token: the path leads to nothing, through null or to a name or index that isn't there.</summary>
    public const int Missing = JsonValue.NoMember;

    /// <summary>
    /// No token: the path leads through a value of another kind than a step needs, or by a name beside which, or in whose place, stands
    /// one that differs only by case: servers that set case aside would hand the tool what the path didn't read.
    /// </summary>
    public const int Unjudgeable = JsonValue.CaseVariant;

    /// <summary>Follows steps of which none is <c>[*]</c>. Returns a token on the value's tape, or one of the constants.</summary>
    public static int Follow(this ReadOnlySpan<PathStep> steps, in JsonValue start, WorkBudget work)
    {
        int token = start.Index;
        foreach (PathStep step in steps)
        {
            JsonKind kind = start.KindAt(token);
            if (kind == JsonKind.Null)
            {
                return Missing;
            }

            if (kind != (step.Name is null ? JsonKind.Array : JsonKind.Object))
            {
                return Unjudgeable;
            }

            token = step.Name is null
                ? start.At(token).FindElement(step.Index, work)
                : JsonValue.FindMember(start.Text, start.Tape.Tokens, token, step.Name, work);
            if (token < 0)
            {
                return token;
            }
        }

        return token;
    }

    /// <summary>
    /// Whether steps that can't be followed meet a name that differs only by case; else they meet a value of another kind.
    /// </summary>
    public static bool MeetsCaseVariant(this ReadOnlySpan<PathStep> steps, JsonValue start, WorkBudget work)
    {
        JsonValue value = start;
        foreach (PathStep step in steps)
        {
            if (value.Kind != (step.Name is null ? JsonKind.Array : JsonKind.Object))
            {
                return false;
            }

            int next = step.Name is null ? value.FindElement(step.Index, work) : value.FindMember(step.Name, work);
            if (next < 0)
            {
                return next == Unjudgeable;
            }

            value = value.At(next);
        }

        return false;
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
