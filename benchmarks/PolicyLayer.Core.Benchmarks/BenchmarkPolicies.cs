using System.Text;

namespace PolicyLayer.Benchmarks;

/// <summary>Policies and authorizers that several benchmarks share.</summary>
internal static class BenchmarkPolicies
{
    /// <summary>A policy of so many tools, each with the given entry.</summary>
    public static byte[] WithTools(int count, string entry = "{}", string head = "")
    {
        var json = new StringBuilder($$"""{ "version": "1", "default": "deny", {{head}} "tools": {""");
        for (int i = 0; i < count; i++)
        {
            json.Append(i == 0 ? "" : ", ").Append('"').Append(ToolName(i)).Append("\": ").Append(entry);
        }

        return Encoding.UTF8.GetBytes(json.Append("} }").ToString());
    }

    public static string ToolName(int index) => $"server_{index % 97}_tool_{index}";

    /// <summary>A policy of a hundred tools, the first of which has the given entry.</summary>
    public static ToolCallAuthorizer Authorizer(string entry)
    {
        string json = Encoding.UTF8.GetString(WithTools(100));
        string first = $"\"{ToolName(0)}\": ";
        return new ToolCallAuthorizer(Policy.Parse(json.Replace(first + "{}", first + entry, StringComparison.Ordinal)));
    }
}
