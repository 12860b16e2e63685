using System.Text;
using PolicyLayer.Json.Canonical;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

/// <summary>The members of an object are held while it is written, and no longer.</summary>
public sealed class SortedMembersTests
{
    [Fact]
    public void Are_a_stack_of_objects_each_sorted_by_itself()
    {
        using var members = new SortedMembers();

        Assert.Equal(["a", "b", "c"], Push(members, """{"c":1,"a":2,"b":3}"""));
        Assert.Equal(["A", "z"], Push(members, """{"z":1,"A":2}"""));
        members.Pop(3);
        Assert.Equal(3, members.Count);
        Assert.Empty(Push(members, "{}"));
        Assert.Equal(["m", "n"], Push(members, """{"n":1,"m":2}"""));
        Assert.Equal(5, members.Count);
    }

    private static string[] Push(SortedMembers members, string json)
    {
        JsonValue value = new ScannedJson(json).Root;
        int first = members.Count;
        members.Push(value, value.CountChildren(), json.Length);
        var names = new List<string>();
        for (int i = first; i < members.Count; i++)
        {
            names.Add(Encoding.UTF8.GetString(value.At(members[i]).String.Raw));
        }

        return [.. names];
    }
}
