using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary><c>pattern</c>: found anywhere in the string.</summary>
internal sealed class PatternKeyword(SchemaExpectation expectation, LinearRegex regex) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) =>
        scratch.Finds(regex, value.String) || scratch.Fail(expectation);
}

/// <summary>A negative look-ahead at the beginning of <c>pattern</c>: not found.</summary>
internal sealed class ExcludedPatternKeyword(SchemaExpectation expectation, LinearRegex regex) : SchemaKeyword
{
    // INVARIANT: where there was too much work, nothing is found, and the call is denied for that.
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch) =>
        !scratch.Finds(regex, value.String) || scratch.Fail(expectation);
}

/// <summary><c>format</c> for strings.</summary>
internal sealed class StringFormatKeyword(SchemaExpectation expectation, StringFormat format, int stepsPerByte) : SchemaKeyword
{
    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        JsonString text = value.String;
        return (scratch.SpendText(stepsPerByte * (long)text.Raw.Length) && format(scratch.Text.ToUtf8(text))) || scratch.Fail(expectation);
    }
}

/// <summary>Bounds on a string's code points, an array's elements or an object's members.</summary>
internal sealed class SizeKeyword(SchemaExpectation expectation, int limit, bool isMaximum) : SchemaKeyword
{
    /// <summary>Two escapes for one code point beyond the BMP.</summary>
    private const long MaxBytesPerCodePoint = 12;

    public override bool Holds(JsonValue value, int marks, SchemaScratch scratch)
    {
        bool isText = value.Kind is JsonKind.String or JsonKind.Name;
        if (isText && IsObvious(value.String.Raw.Length))
        {
            return true;
        }

        if (isText && !scratch.SpendText(value.Raw.Length))
        {
            return false;
        }

        int size = isText ? value.String.CountCodePoints() : scratch.CountChildren(value);
        return (isMaximum ? size <= limit : size >= limit) || scratch.Fail(expectation);
    }

    /// <summary>Whether the bound holds however the bytes are read.</summary>
    private bool IsObvious(int bytes) => isMaximum ? bytes <= limit : bytes >= MaxBytesPerCodePoint * limit;
}
