using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace PolicyLayer.Proxy.Http;

/// <summary>Reads bodies that have one reading alone.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 16 * 1024;

    /// <summary>Whether it is said to be JSON in UTF-8, and nothing else that somebody might read instead.</summary>
    public static bool IsJson(IHeaderDictionary headers)
    {
        if (headers.ContentType.Count != 1 || headers.ContentEncoding.Count > 0
            || !MediaTypeHeaderValue.TryParse(headers.ContentType[0], out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return type.Parameters.All(parameter => parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            && type.Parameters.Count <= 1
            && (type.Parameters.Count == 0
                || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="length">How long it says that it is; null where it doesn't.</param>
    /// <param name="maxLength">The most bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="tryHold">Asked whether so many bytes more may be held; null for yes.</param>
    /// <returns>Its bytes; null for more of them than it may have.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        Stream body, long? length, int maxLength, CancellationToken cancellationToken, Predicate<int>? tryHold = null)
    {
        if (length > maxLength)
        {
            return null;
        }

        // Not as long as it says at once: that costs the sender nothing.
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(length + 1 ?? FirstBytes, FirstBytes));
        while (true)
        {
            int read;
            try
            {
                read = await body.ReadAsync(buffer.GetMemory(1), cancellationToken).ConfigureAwait(false);
            }
            catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
            {
                return null;
            }

            if (read == 0)
            {
                return buffer.WrittenMemory;
            }

            buffer.Advance(read);
            if (buffer.WrittenCount > maxLength || tryHold?.Invoke(read) == false)
            {
                return null;
            }
        }
    }
}
