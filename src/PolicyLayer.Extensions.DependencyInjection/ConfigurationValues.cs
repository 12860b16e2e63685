using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Texts of a configuration that their option can't be set to: the framework's binder would stop at the first.</summary>
internal static class ConfigurationValues
{
    /// <summary>What is wrong with a value, in a sentence without it; null where it can be read.</summary>
    /// <param name="value">The value, which isn't empty.</param>
    /// <param name="path">The option's path, with colons.</param>
    public static string? FaultOf(IConfigurationSection value, string path) =>
        value.Value is { } text && NeedOf(text, path) is { } need
            ? $"The configuration's key `{value.Path}` must be {need}."
            : null;

    /// <summary>The keys of the section that can't be read.</summary>
    public static IEnumerable<string> FindUnreadable(IConfiguration section) => FindUnreadable(section, "");

    private static IEnumerable<string> FindUnreadable(IConfiguration section, string above) =>
        section.GetChildren().SelectMany(child => FaultOf(child, above + child.Key) is null
            ? FindUnreadable(child, above + child.Key + ":")
            : [above + child.Key]);

    private static string? NeedOf(string text, string path)
    {
        if (path.Equals(nameof(PolicyLayerOptions.Reload), StringComparison.OrdinalIgnoreCase))
        {
            return bool.TryParse(text, out _) ? null : "`true` or `false`";
        }

        OptionRange? range = OptionRange.All.FirstOrDefault(
            each => each.Path.Replace('.', ':').Equals(path, StringComparison.OrdinalIgnoreCase));
        if (range is null)
        {
            return null;
        }

        if (range.IsTime)
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : "a time, such as `00:00:05`";
        }

        // Options that are bounded by an int are of that type.
        bool isRead = long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number)
            && (range.Most > int.MaxValue || number is >= int.MinValue and <= int.MaxValue);
        return isRead ? null : string.Create(CultureInfo.InvariantCulture, $"a whole number, from {range.Least} to {range.Most}");
    }
}
