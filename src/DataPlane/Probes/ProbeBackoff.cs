namespace PrivateLinkCloud.DataPlane;

/// <summary>The pause after the n-th failure in a row: short at first, because most failures are an agent's restart or a plan on its way.</summary>
internal static class ProbeBackoff
{
    private static readonly int[] Milliseconds = [10, 20, 50, 100, 200, 500, 1000];

    /// <param name="failures">1 for the first.</param>
    public static TimeSpan After(int failures) => TimeSpan.FromMilliseconds(Milliseconds[Math.Clamp(failures - 1, 0, Milliseconds.Length - 1)]);
}
