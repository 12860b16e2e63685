using System.Text;

namespace PolicyLayer.Tests.Secrets.Searching;

/// <summary>All that came out, by the place where it did. Safe for any number of threads.</summary>
internal sealed class Witness
{
    private readonly Dictionary<string, List<byte[]>> _seen = new(StringComparer.Ordinal);

    /// <summary>The places where anything was seen.</summary>
    public IReadOnlyCollection<string> Places
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen.Keys];
            }
        }
    }

    public void See(string place, string? text) => See(place, Encoding.UTF8.GetBytes(text ?? ""));

    public void See(string place, byte[] bytes)
    {
        lock (_seen)
        {
            if (!_seen.TryGetValue(place, out List<byte[]>? all))
            {
                _seen.Add(place, all = []);
            }

            if (bytes.Length > 0)
            {
                all.Add(bytes);
            }
        }
    }

    /// <summary>All that an object says of itself: its text, and what its public members hold.</summary>
    public void SeeObject(string place, object? value) => See(place, ObjectText.Of(value));

    /// <summary>What an exception says, inner ones and its data included.</summary>
    public void SeeException(string place, Exception exception)
    {
        See(place, exception.ToString());
        See(place, exception.StackTrace);
        foreach (object? key in exception.Data.Keys)
        {
            See(place, $"{key} {exception.Data[key]}");
        }
    }

    /// <summary>Every file of a folder, byte for byte, also those that are being written.</summary>
    public void SeeFiles(string place, string folder, string pattern = "*")
    {
        foreach (string file in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            See(place, Path.GetFileName(file));
            See(place, copy.ToArray());
        }
    }

    /// <summary>What was found, each as the position, the form and the place.</summary>
    public IReadOnlyList<string> Find(IEnumerable<Secret> secrets)
    {
        lock (_seen)
        {
            var haystacks = _seen.ToDictionary(
                place => place.Key, place => Join(place.Value.DistinctBy(Convert.ToBase64String)), StringComparer.Ordinal);
            return
            [
                .. from secret in secrets
                   from form in SecretForms.Of(secret)
                   from place in haystacks
                   where place.Value.AsSpan().IndexOf(form.Bytes) >= 0
                   select $"{secret.Position}, {form.Form}, in {place.Key}: {Around(place.Value, form.Bytes)}",
            ];
        }
    }

    /// <summary>The places where a secret was found.</summary>
    public IReadOnlySet<string> PlacesOf(Secret secret)
    {
        lock (_seen)
        {
            byte[][] forms = [.. SecretForms.Of(secret).Select(form => form.Bytes)];
            return _seen
                .Where(place => place.Value.Exists(seen => Array.Exists(forms, form => seen.AsSpan().IndexOf(form) >= 0)))
                .Select(place => place.Key)
                .ToHashSet(StringComparer.Ordinal);
        }
    }

    public void AssertHasNone(IEnumerable<Secret> secrets)
    {
        IReadOnlyList<string> found = Find(secrets);
        Assert.True(found.Count == 0, $"{found.Count} found:\n{string.Join("\n\n", found)}");
    }

    private static byte[] Join(IEnumerable<byte[]> parts)
    {
        using var joined = new MemoryStream();
        foreach (byte[] part in parts)
        {
            joined.Write(part);
            joined.WriteByte((byte)'\n');
        }

        return joined.ToArray();
    }

    private static string Around(byte[] all, byte[] found)
    {
        int at = all.AsSpan().IndexOf(found);
        int start = Math.Max(0, at - 120);
        return Encoding.UTF8.GetString(all.AsSpan(start, Math.Min(all.Length - start, found.Length + 200)));
    }
}
