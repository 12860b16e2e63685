using System.Collections;

namespace PolicyLayer.Tests.Secrets.Hosts;

/// <summary>A host's dictionary that gives its members, and then what the host likes: more, or an exception.</summary>
internal sealed class BrokenDictionary<T>(IEnumerable<KeyValuePair<string, T>> members) : IReadOnlyDictionary<string, T>
{
    public IEnumerable<string> Keys => members.Select(member => member.Key);

    public IEnumerable<T> Values => members.Select(member => member.Value);

    public int Count => members.Count();

    public T this[string key] => members.First(member => member.Key == key).Value;

    public bool ContainsKey(string key) => Keys.Contains(key);

    public bool TryGetValue(string key, out T value) => throw new NotSupportedException();

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
