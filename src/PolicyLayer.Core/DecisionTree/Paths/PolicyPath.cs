using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolicyLayer.DecisionTree.Paths;

/// <summary>A path of a condition or limit: where it begins, and at least one step.</summary>
internal sealed class PolicyPath(PathRoot root, PathStep[] steps)
{
    public PathRoot Root => root;

    public PathStep[] Steps => steps;

    /// <summary>The steps before the first <c>[*]</c>, which lead to at most one value.</summary>
    public ReadOnlySpan<PathStep> Head => steps.AsSpan(0, HeadLength);

    /// <summary>The steps from the first <c>[*]</c> on; empty without one.</summary>
    public ReadOnlySpan<PathStep> Tail => steps.AsSpan(HeadLength);

    public bool FansOut { get; } = Array.Exists(steps, step => step.IsAllElements);

    /// <summary>The same for two paths whose heads are the same, and for no others.</summary>
    public string HeadKey
    {
        get
        {
            var key = new StringBuilder();
            key.Append((int)root);
            foreach (PathStep step in Head)
            {
                key.Append(step.Name is { } name
                    ? "." + Convert.ToHexString(name.Utf8)
                    : "[" + step.Index.ToString(CultureInfo.InvariantCulture));
            }

            return key.ToString();
        }
    }

    /// <summary>The head as policies write it: the same for two heads that are the same, and for no others.</summary>
    public string HeadText => TextOf(Head);

    /// <summary>The path as policies write it.</summary>
    public override string ToString() => TextOf(steps);

    private string TextOf(ReadOnlySpan<PathStep> some)
    {
        var text = new StringBuilder(NameOf(root));
        foreach (PathStep step in some)
        {
            if (step.Name is { } name)
            {
                AppendName(text, Encoding.UTF8.GetString(name.Utf8));
            }
            else
            {
                _ = step.IsAllElements ? text.Append("[*]") : text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            }
        }

        return text.ToString();
    }

    private static string NameOf(PathRoot root) => root switch
    {
        PathRoot.Arguments => "args",
        PathRoot.Grant => "grant",
        PathRoot.Context => "context",
        PathRoot.Call => "call",
        _ => "time",
    };

    private static void AppendName(StringBuilder text, string name)
    {
        bool isPlain = name.Length > 0 && name.AsSpan().IndexOfAny(".[]\"") < 0 && !name.AsSpan().ContainsAnyInRange('\0', '\x1f');
        _ = isPlain
            ? text.Append('.').Append(name)
            : text.Append("[\"").Append(JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append("\"]");
    }

    private int HeadLength { get; } = new ReadOnlySpan<PathStep>(steps).IndexOfAllElements() is >= 0 and var first ? first : steps.Length;
}
