using System.Collections;
using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json;
using FsCheck.Xunit;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

/// <summary>What is judged is what System.Text.Json writes by default, or nothing is.</summary>
public sealed class ClrValueTests
{
    private readonly JsonTape _tape = new();
    private readonly Utf8Buffer _buffer = new();

    public static TheoryData<string> AcceptedNames => [.. ClrValues.Accepted.Keys];

    public static TheoryData<string> RefusedNames => [.. ClrValues.Refused.Keys];

    [Theory]
    [MemberData(nameof(AcceptedNames))]
    public void What_is_accepted_is_judged_as_the_framework_writes_it(string name)
    {
        object? value = ClrValues.Accepted[name];
        AssertWrittenAlike(value);
        AssertWrittenAlike(new object?[] { value, new Dictionary<string, object?> { ["x"] = value } });
    }

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void What_the_framework_writes_otherwise_is_malformed(string name)
    {
        object value = ClrValues.Refused[name];
        Assert.Equal(JsonFault.Malformed, Scan(value));
        Assert.Equal(JsonFault.Malformed, Scan(new[] { value }));
        Assert.Equal(JsonFault.Malformed, Scan(new Hashtable { ["x"] = value }));
    }

    [Property(MaxTest = 3000)]
    public void Any_value_is_judged_as_the_framework_writes_it_or_is_malformed(int seed)
    {
        var generator = new ClrValueGenerator(seed);
        object? value = generator.Next(depth: 3);
        if (generator.IsUnwritable)
        {
            Assert.Equal(JsonFault.Malformed, Scan(value));
        }
        else
        {
            AssertWrittenAlike(value);
        }
    }

    [Theory]
    [InlineData(typeof(char))]
    [InlineData(typeof(bool))]
    public void An_enumeration_of_no_number_is_malformed(Type underlying)
    {
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("odd"), AssemblyBuilderAccess.Run);
        ModuleBuilder module = assembly.DefineDynamicModule("odd");
        EnumBuilder builder = module.DefineEnum("Odd", TypeAttributes.Public, underlying);
        object member = Enum.ToObject(builder.CreateType(), 1);
        Assert.Equal(JsonFault.Malformed, Scan(member));
    }

    [Fact]
    public void Arguments_whose_own_type_has_a_converter_are_malformed()
    {
        Assert.Equal(JsonFault.Malformed, ClrJsonWriter.Scan(new ClrValues.ConvertedDictionary { ["a"] = 1 }, 64, _buffer, _tape));
        Assert.Equal(JsonFault.None, ClrJsonWriter.Scan(new ClrValues.Arguments { ["a"] = 1 }, 64, _buffer, _tape));
        Assert.Equal(JsonFault.None, ClrJsonWriter.Scan(new Derived { ["a"] = 1 }, 64, _buffer, _tape));
    }

    /// <summary>The forbidden name, as an enumeration that is written by name, is no number that a rule could take for another.</summary>
    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task No_clr_value_passes_for_another(object value)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "deny", "tools": { "files": { "arguments": { "properties": { "operation": {
              "not": { "enum": [ "Delete", ["Delete"], 1, [1], [255], [-1] ] } } } } } } }
            """);
        var arguments = new Dictionary<string, object?> { ["operation"] = value };
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("files", ToolArguments.FromDictionary(arguments)));
        Assert.False(decision.IsAllowed);
        Assert.DoesNotContain("Delete", decision.Message, StringComparison.Ordinal);
    }

    public static TheoryData<object> Attempts => new()
    {
        ClrValues.Named.Delete, new[] { ClrValues.Named.Delete }, ClrValues.Inheriting.Delete, (ClrValues.Small)1,
        new[] { (ClrValues.Small)1 },
        new sbyte[] { -1 }, new[] { ClrValues.Tiny.Less }, new[] { (ClrValues.Small)255 }, (byte[])(object)new sbyte[] { -1 },
        new List<IComparable> { "Delete" }, new ClrValues.Converted { "Delete" },
    };

    private JsonFault Scan(object? value) => ClrJsonWriter.Scan(new Dictionary<string, object?> { ["v"] = value }, 64, _buffer, _tape);

    private void AssertWrittenAlike(object? value)
    {
        Assert.Equal(JsonFault.None, Scan(value));
        JsonElement written = JsonElement.Parse(_buffer.Written);
        var arguments = new Dictionary<string, object?> { ["v"] = value };
        ClrJsonWriterTests.AssertSameText(JsonSerializer.SerializeToElement(arguments), written);
        ClrJsonWriterTests.AssertSameText(JsonSerializer.SerializeToElement(arguments, JsonSerializerOptions.Web), written);
    }

    private sealed class Derived : Dictionary<string, object?>;
}
