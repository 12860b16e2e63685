using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Keys;

namespace PolicyLayer;

/// <summary>
/// The host's secret keys: a current one, and older ones that still stand behind what was stored under them. Processes that share a store
/// share them. Immutable and safe for any number of threads.
/// </summary>
/// <remarks>
/// What the library makes with a key, it makes with a sub-key for that one purpose (HKDF-SHA-256), and stores the key's id beside it. To
/// rotate, add a key, make it the current one everywhere, and drop the old one when nothing made with it matters any more. Keys come from
/// a random generator, are kept like passwords, and never appear in texts and exceptions of the library.
/// </remarks>
public sealed class PolicyLayerKeys
{
    /// <summary>The length of a key in bytes: 32.</summary>
    public const int KeyLength = 32;

    // Shorter than any encoding of a key, so that a key in an id's place is refused and never printed.
    private const int LongestId = 32;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <summary>Takes keys.</summary>
    /// <param name="current">The id of the key to make new things with.</param>
    /// <param name="keys">
    /// Id to key, the current one among them. An id has 1 to 32 of the characters A–Z, a–z, 0–9, <c>.</c>, <c>_</c> and <c>-</c>; a key has
    /// <see cref="KeyLength"/> bytes, which are copied.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument or a key is null.</exception>
    /// <exception cref="ArgumentException">An id or a key has another form, or no key has the current id.</exception>
    public PolicyLayerKeys(string current, IReadOnlyDictionary<string, byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(keys);
        foreach ((string id, byte[] key) in keys)
        {
            ArgumentNullException.ThrowIfNull(key, nameof(keys));
            if (FaultOf(id, key.Length) is { } fault)
            {
                throw new ArgumentException(fault, nameof(keys));
            }

            _keys.Add(id, [.. key]);
        }

        if (!_keys.ContainsKey(current))
        {
            throw new ArgumentException("No key has the id of the current one.", nameof(current));
        }

        CurrentId = current;
    }

    /// <summary>The id of the key to make new things with.</summary>
    public string CurrentId { get; }

    /// <summary>The ids of all keys, in ordinal order.</summary>
    public IReadOnlyList<string> Ids => [.. _keys.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads keys from a text.</summary>
    /// <param name="json">
    /// <c>{"current":"k2","keys":{"k1":"BASE64 of 32 bytes","k2":"…"}}</c>, and nothing else.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="FormatException">The text is something else; the message says what is wrong and quotes nothing of it.</exception>
    public static PolicyLayerKeys Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return KeysReader.Read(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Reads keys from a file; see <see cref="Parse"/> for what stands in it.</summary>
    /// <param name="path">The file, in UTF-8; a relative path starts from the current directory.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path.</exception>
    /// <exception cref="FormatException">The file holds something else; the message says what is wrong and quotes none of it.</exception>
    /// <exception cref="IOException">The file can't be read, or doesn't exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static PolicyLayerKeys ParseFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return KeysReader.Read(File.ReadAllBytes(path));
    }

    /// <summary>How many keys there are, and the current one's id.</summary>
    public override string ToString() => $"{_keys.Count} keys, {CurrentId} the current one";

    /// <summary>Why an id or a key's length isn't right, or null. It quotes neither.</summary>
    internal static string? FaultOf(string id, int keyLength)
    {
        if (id.Length is 0 or > LongestId || id.AsSpan().ContainsAnyExcept(IdCharacters))
        {
            return $"A key's id has 1 to {LongestId} of the characters A-Z, a-z, 0-9, `.`, `_` and `-`.";
        }

        return keyLength == KeyLength ? null : $"A key has {KeyLength} bytes.";
    }

    /// <summary>The current key's sub-key for a purpose.</summary>
    internal byte[] Derive(string purpose) => Derive(_keys[CurrentId], purpose);

    /// <summary>A key's sub-key for a purpose, or null where no key has the id any more.</summary>
    internal byte[]? Derive(string id, string purpose) => _keys.TryGetValue(id, out byte[]? key) ? Derive(key, purpose) : null;

    // The keys are uniformly random, so HKDF needs no salt; the purpose's name keeps sub-keys apart.
    private static byte[] Derive(byte[] key, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyLength, salt: null, Encoding.UTF8.GetBytes(purpose));
}
