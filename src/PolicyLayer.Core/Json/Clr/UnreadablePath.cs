using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Json.Clr;

/// <summary>
/// Where in a text its reader stands, as a pointer that says no name below the top: those are values of a call's arguments.
/// </summary>
internal sealed class UnreadablePath
{
    /// <summary>So many units of an argument's name are told, as in records.</summary>
    public const int MaxName = 64;

    private readonly List<Container> _open = [];
    private string? _argument;

    /// <summary>Takes a token that was read.</summary>
    public void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _argument = _open.Count == 1 ? reader.GetString() : _argument;
                _open[^1] = _open[^1] with { IsAtValue = true };
                break;
            case JsonTokenType.StartObject:
                _open.Add(default);
                break;
            case JsonTokenType.StartArray:
                _open.Add(new Container(IsArray: true, IsAtValue: true));
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _open.RemoveAt(_open.Count - 1);
                Pass();
                break;
            default:
                Pass();
                break;
        }
    }

    /// <summary>The pointer, with <c>*</c> for names below the top.</summary>
    public override string ToString()
    {
        var pointer = new StringBuilder();
        for (int i = 0; i < _open.Count && _open[i].IsAtValue; i++)
        {
            pointer.Append((i, _open[i].IsArray) switch
            {
                (0, _) => UnreadableValue.PointerOf(_argument!),
                (_, true) => string.Create(CultureInfo.InvariantCulture, $"/{_open[i].Index}"),
                _ => "/*",
            });
        }

        return pointer.ToString();
    }

    private void Pass()
    {
        if (_open.Count > 0)
        {
            Container container = _open[^1];
            _open[^1] = container.IsArray ? container with { Index = container.Index + 1 } : default;
        }
    }

    private readonly record struct Container(bool IsArray = false, bool IsAtValue = false, int Index = 0);
}
