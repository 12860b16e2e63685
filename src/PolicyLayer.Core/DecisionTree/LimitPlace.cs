using System.Globalization;
using PolicyLayer.Documents;

namespace PolicyLayer.DecisionTree;

/// <summary>Where a limit stands in its policy. Its pointer is written out only when a denial says it: policies have many limits.</summary>
/// <param name="ToolKey">The key of the tool's entry; null for <c>all_tools</c>.</param>
/// <param name="Index">Its index in <c>limits</c>; <see cref="Shorthand"/> for <c>rate_limit</c>.</param>
internal readonly record struct LimitPlace(string? ToolKey, int Index)
{
    public const int Shorthand = -1;

    public string Pointer
    {
        get
        {
            string owner = ToolKey is null ? "/all_tools" : "/tools/" + JsonPointer.Escape(ToolKey);
            return Index == Shorthand ? owner + "/rate_limit" : string.Create(CultureInfo.InvariantCulture, $"{owner}/limits/{Index}");
        }
    }
}
