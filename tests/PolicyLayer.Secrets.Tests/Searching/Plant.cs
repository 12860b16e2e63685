using System.Security.Cryptography;

namespace PolicyLayer.Tests.Secrets.Searching;

/// <summary>Makes secrets, another one for every position of every run.</summary>
internal sealed class Plant
{
    public const int Length = 24;

    private readonly List<Secret> _secrets = [];

    public IReadOnlyList<Secret> Secrets => _secrets;

    /// <summary>A text of lower-case letters and digits, which no encoding of texts leaves as it is by chance.</summary>
    public string Text(string position) =>
        Add(position, "s" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", Length - 1));

    /// <summary>Digits of a whole number.</summary>
    /// <param name="position">Where it is planted.</param>
    /// <param name="digits">So many; 15 are exact as a double too.</param>
    public string Number(string position, int digits = 15) =>
        Add(position, RandomNumberGenerator.GetString("123456789", digits));

    private string Add(string position, string value)
    {
        lock (_secrets)
        {
            _secrets.Add(new Secret(position, value));
        }

        return value;
    }
}
