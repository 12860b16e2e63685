using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// Copies a call's arguments before they are judged, so that nobody changes them before the function binds them: others hold the list of
/// messages, and calls run in parallel.
/// </summary>
/// <remarks>
/// Copied are the dictionary and, to any depth, nodes of JSON, arrays, lists and dictionaries of any value. Other collections are those of
/// code that calls the function itself, and are shared with it.
/// </remarks>
internal static class JudgedArguments
{
    // Beyond it the authorizer denies anyway, unless the host reads deeper: then values below are shared.
    private const int MaxDepth = 1_000;

    // What no agent sends, as a list that holds itself twice would never end.
    private const int MaxContainers = 1_000_000;

    /// <summary>The arguments with what comes beside them, under names that are compared as they are judged.</summary>
    public static AIFunctionArguments Copy(AIFunctionArguments arguments) => new(Copy((IDictionary<string, object?>)arguments))
    {
        Services = arguments.Services,
        Context = arguments.Context,
    };

    /// <summary>The arguments alone.</summary>
    /// <exception cref="ArgumentException">They hold more than any function takes.</exception>
    public static Dictionary<string, object?> Copy(IDictionary<string, object?> arguments)
    {
        var copied = new Dictionary<string, object?>(arguments.Count, StringComparer.Ordinal);
        int containers = MaxContainers;
        foreach ((string name, object? value) in arguments)
        {
            copied.Add(name, Copy(value, MaxDepth, ref containers));
        }

        return copied;
    }

    private static object? Copy(object? value, int depth, ref int containers)
    {
        if (value is null or string or JsonElement || value.GetType().IsPrimitive || depth == 0)
        {
            return value;
        }

        if (--containers < 0)
        {
            throw new ArgumentException("The arguments hold more arrays and objects than any function takes.");
        }

        switch (value)
        {
            case JsonNode node:
                return node.DeepClone();
            case JsonDocument document:
                return document.RootElement.Clone();
            case object?[] items when items.GetType() == typeof(object[]):
                var array = new object?[items.Length];
                for (int i = 0; i < items.Length; i++)
                {
                    array[i] = Copy(items[i], depth - 1, ref containers);
                }

                return array;
            case Array other:
                return other.Clone();
            case List<object?> items when items.GetType() == typeof(List<object?>):
                var list = new List<object?>(items.Count);
                foreach (object? item in items)
                {
                    list.Add(Copy(item, depth - 1, ref containers));
                }

                return list;
            case Dictionary<string, object?> members when members.GetType() == typeof(Dictionary<string, object?>):
                var copied = new Dictionary<string, object?>(members.Count, members.Comparer);
                foreach ((string name, object? member) in members)
                {
                    copied.Add(name, Copy(member, depth - 1, ref containers));
                }

                return copied;
            default:
                return value;
        }
    }
}
